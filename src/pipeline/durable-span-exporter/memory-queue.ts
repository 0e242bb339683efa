import type { Frame, FrameQueue, QueueListener, QueueSize } from "./frame-queue.ts";

/** Where no directory is given: what the collector does not take in time is lost from here, oldest first, and counted. */
export class MemoryQueue implements FrameQueue {
  readonly #maxBytes: number;
  readonly #listener: QueueListener;
  /** Oldest first. Those handed out stay in their place, near the head. */
  readonly #frames: Frame[] = [];
  readonly #out = new Set<Frame>();
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

  async take(): Promise<Frame | undefined> {
    const oldest = this.#oldestWaiting();
    if (oldest !== undefined) this.#out.add(oldest);
    return oldest;
  }

  settle(frame: Frame): void {
    if (this.#out.delete(frame)) this.#remove(frame);
  }

  putBack(frame: Frame): void {
    this.#out.delete(frame);
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

  #oldestWaiting(): Frame | undefined {
    return this.#frames.find((frame) => !this.#out.has(frame));
  }

  #remove(frame: Frame): void {
    this.#frames.splice(this.#frames.indexOf(frame), 1);
    this.#bytes -= frame.body.byteLength;
    this.#spans -= frame.spans;
  }
}
