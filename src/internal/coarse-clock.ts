import type { Clock } from "./clock.ts";
import type { After } from "./timers.ts";

/** So many reads within one millisecond, and the next ones come from memory. */
const BUSY_READS = 16;
const KEPT_FOR_MS = 1;
const NOT_KEPT = -1;

/**
 * A monotonic clock for those who ask on every call. To read the real one costs 40 ns, a third of what a time limit may; so while it is
 * asked all the time, it keeps what it has read for a millisecond. It is then behind by that, and by the length of one turn of the event
 * loop, as is the time that Node's own timers start from.
 */
export class CoarseClock {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #after: After;
  #keptMs = NOT_KEPT;
  #lastMs = NOT_KEPT;
  #reads = 0;

  constructor(clock: Pick<Clock, "monotonic">, after: After) {
    this.#clock = clock;
    this.#after = after;
  }

  /** Monotonic milliseconds, rounded up, so that what is counted from it never ends early. */
  get nowMs(): number {
    return this.#keptMs === NOT_KEPT ? this.#read() : this.#keptMs;
  }

  /** Whether it is asked so often that it answers from memory. */
  get isBusy(): boolean {
    return this.#keptMs !== NOT_KEPT;
  }

  #read(): number {
    const nowMs = Math.ceil(this.#clock.monotonic());
    if (nowMs !== this.#lastMs) {
      this.#lastMs = nowMs;
      this.#reads = 0;
    }
    this.#reads += 1;
    if (this.#reads > BUSY_READS) this.#keep(nowMs);
    return nowMs;
  }

  #keep(nowMs: number): void {
    this.#keptMs = nowMs;
    const forget = (): void => {
      this.#keptMs = NOT_KEPT;
    };
    this.#after(KEPT_FOR_MS, forget, false);
  }
}
