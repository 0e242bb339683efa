import type { TelemetryBatch } from "../../telemetry-store/telemetry-batch.ts";

/** What was read of a request. */
export interface Decoded {
  readonly batch: TelemetryBatch;
  /** Spans, points or records that are not kept. */
  readonly rejected: number;
  /** Why; empty where nothing was rejected. */
  readonly message: string;
}

/** Counts what is rejected, and says why in one sentence. */
export class Rejections {
  #malformed = 0;
  #beyond = 0;
  readonly #needs: string;
  readonly #most: number;

  /** @param needs Completes "N without …". */
  constructor(needs: string, most: number) {
    this.#needs = needs;
    this.#most = most;
  }

  malformed(items = 1): void {
    this.#malformed += items;
  }

  tooMany(items = 1): void {
    this.#beyond += items;
  }

  result(batch: TelemetryBatch): Decoded {
    const reasons = [
      this.#malformed > 0 && `${this.#malformed} without ${this.#needs}`,
      this.#beyond > 0 &&
        `${this.#beyond} beyond the ${this.#most} that one request may have; send smaller batches`,
    ].filter((reason) => reason !== false);
    return { batch, rejected: this.#malformed + this.#beyond, message: reasons.join("; ") };
  }
}
