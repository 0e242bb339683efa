import { HistogramCell } from "../telemetry/call-metrics/cells.ts";
import { BUCKETS_CLIENT_SECONDS } from "../telemetry/semconv.ts";

/** When the pieces of a streamed answer came: the first from the start of the call, each later one from the one before. */
export class ChunkTimes {
  /** Seconds. */
  readonly toFirst: number;
  #gaps: HistogramCell | undefined;
  #lastMs: number;

  /** @param elapsedMs Milliseconds from the start of the call to the first piece. */
  constructor(elapsedMs: number) {
    this.toFirst = elapsedMs / 1000;
    this.#lastMs = elapsedMs;
  }

  /** Seconds between two pieces, each gap once; `undefined` while there is only one piece. */
  get gaps(): HistogramCell | undefined {
    return this.#gaps;
  }

  /** Seconds, the mean of the gaps. */
  get perChunk(): number | undefined {
    return this.#gaps === undefined ? undefined : this.#gaps.sum / this.#gaps.count;
  }

  next(elapsedMs: number): void {
    this.#gaps ??= new HistogramCell(BUCKETS_CLIENT_SECONDS);
    this.#gaps.observe((elapsedMs - this.#lastMs) / 1000);
    this.#lastMs = elapsedMs;
  }
}
