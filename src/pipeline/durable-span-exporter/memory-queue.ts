import type { Frame, FrameLane, LanedQueue, QueueListener, QueueSize } from "./frame-queue.ts";

/** Where no directory is given: what the collector does not take in time is lost from here, oldest first, and counted. */
export class MemoryQueue implements LanedQueue {
  readonly #maxBytes: number;
  readonly #listener: QueueListener;
  /** Oldest first. Those handed out stay in their place, near the head. */
  readonly #frames: Frame[] = [];
  readonly #out = new Set<Frame>();
  /** Of those that are not in lane 0. */
  readonly #lanes = new WeakMap<Frame, number>();
  #bytes = 0;
  #spans = 0;
  #closed = false;

  /** @param maxBytes Most bytes of bodies held, those on their way included. */
  constructor(maxBytes: number, listener: QueueListener) {
    this.#maxBytes = maxBytes;
    this.#listener = listener;
  }

  append(frame: Frame): void {
    if (this.#closed) {
      this.#listener.dropped("shutdown", frame.spans);
      return;
    }
    this.#frames.push(frame);
    this.#bytes += frame.body.byteLength;
    this.#spans += frame.spans;
    while (this.#bytes > this.#maxBytes) {
      const oldest = this.#oldestWaiting();
      if (oldest === undefined) return;
      this.#remove(oldest);
      this.#listener.dropped("queue_full", oldest.spans);
    }
  }

  async synced(): Promise<void> {}

  take(): Promise<Frame | undefined> {
    return this.#take(0);
  }

  settle(frame: Frame): void {
    if (this.#out.delete(frame)) this.#remove(frame);
  }

  putBack(frame: Frame): void {
    this.#out.delete(frame);
  }

  lane(lane: number): FrameLane {
    const sizeOf = (): QueueSize => this.#sizeOf(lane);
    return {
      append: (frame) => {
        this.#lanes.set(frame, lane);
        this.append(frame);
      },
      take: () => this.#take(lane),
      settle: (frame) => this.settle(frame),
      putBack: (frame) => this.putBack(frame),
      get size() {
        return sizeOf();
      },
    };
  }

  get size(): QueueSize {
    const { length: frames, 0: oldest } = this.#frames;
    return { frames, spans: this.#spans, bytes: this.#bytes, oldestMs: oldest?.createdMs };
  }

  async close(): Promise<void> {
    this.closeSync();
  }

  closeSync(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#spans > 0) this.#listener.dropped("shutdown", this.#spans);
    this.#frames.length = 0;
    this.#out.clear();
    this.#bytes = 0;
    this.#spans = 0;
  }

  async #take(lane: number): Promise<Frame | undefined> {
    const oldest = this.#oldestWaiting(lane);
    if (oldest !== undefined) this.#out.add(oldest);
    return oldest;
  }

  #oldestWaiting(lane?: number): Frame | undefined {
    return this.#frames.find((frame) => !this.#out.has(frame) && this.#isIn(frame, lane));
  }

  #isIn(frame: Frame, lane: number | undefined): boolean {
    return lane === undefined || (this.#lanes.get(frame) ?? 0) === lane;
  }

  #sizeOf(lane: number): QueueSize {
    const frames = this.#frames.filter((frame) => this.#isIn(frame, lane));
    return {
      frames: frames.length,
      spans: frames.reduce((sum, { spans }) => sum + spans, 0),
      bytes: frames.reduce((sum, { body }) => sum + body.byteLength, 0),
      oldestMs: frames[0]?.createdMs,
    };
  }

  #remove(frame: Frame): void {
    this.#frames.splice(this.#frames.indexOf(frame), 1);
    this.#bytes -= frame.body.byteLength;
    this.#spans -= frame.spans;
  }
}
