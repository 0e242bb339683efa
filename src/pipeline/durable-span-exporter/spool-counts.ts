import type { SpoolSnapshot } from "../../telemetry/spool/spool-snapshot.ts";
import type { DropReason, FrameQueue, QueueListener } from "./frame-queue.ts";

/**
 * Counts what becomes of spans. At any quiet moment
 * `created + recovered = delivered + rejected + dropped + inSpool + inMemory`.
 */
export class SpoolCounts implements QueueListener {
  created = 0;
  delivered = 0;
  rejected = 0;
  retries = 0;
  failovers = 0;
  /** Set by those who hold the spans. */
  inMemory: () => number = () => 0;
  queue: Pick<FrameQueue, "size"> | undefined;
  readonly #dropped = new Map<DropReason, number>();
  readonly #onDropped: (reason: DropReason, spans: number) => void;
  #corruptFrames = 0;
  #recovered = 0;

  /** @param onDropped Told of each drop after it is counted. */
  constructor(onDropped: (reason: DropReason, spans: number) => void) {
    this.#onDropped = onDropped;
  }

  dropped(reason: DropReason, spans: number): void {
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + spans);
    this.#onDropped(reason, spans);
  }

  corrupt(frames: number, spans: number): void {
    this.#corruptFrames += frames;
    if (spans > 0) this.dropped("corrupt", spans);
  }

  recovered(_frames: number, spans: number): void {
    this.#recovered += spans;
  }

  snapshot(): SpoolSnapshot {
    const size = this.queue?.size;
    return {
      created: this.created,
      recovered: this.#recovered,
      delivered: this.delivered,
      rejected: this.rejected,
      dropped: Object.fromEntries(this.#dropped),
      inMemory: this.inMemory(),
      inSpool: size?.spans ?? 0,
      frames: size?.frames ?? 0,
      bytes: size?.bytes ?? 0,
      oldestMs: size?.oldestMs,
      corruptFrames: this.#corruptFrames,
      retries: this.retries,
      failovers: this.failovers,
    };
  }
}
