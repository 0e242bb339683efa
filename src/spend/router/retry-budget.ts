import { checkBetween, checkWhole } from "../../internal/check-number.ts";

export interface RouterRetryOptions {
  /** Calls in all for one `run`, the first one included, each to another model. @default 3 */
  readonly attempts?: number;
  /** Retries for each `run`, in the long run: when a provider is down, retries must not double the load on the others. @default 0.1 */
  readonly ratio?: number;
}

/** Retries that may come in a row before the ratio counts. */
const BURST = 10;
/** Ten times a tenth is a little less than one. */
const ROUNDING = 1e-9;

/** Lets through a share of retries, whatever fails: at most so many of the runs, and ten. */
export class RetryBudget {
  readonly attempts: number;
  readonly #ratio: number;
  #credit = BURST;

  /** @throws RangeError that names the option, what it allows and the value. */
  constructor({ attempts = 3, ratio = 0.1 }: RouterRetryOptions = {}) {
    this.attempts = checkWhole("modelRouter: retries.attempts", attempts, 1, 100);
    checkBetween("modelRouter: retries.ratio", ratio, 0, 1);
    this.#ratio = ratio;
  }

  /** A run begins. */
  began(): void {
    this.#credit = Math.min(BURST, this.#credit + this.#ratio);
  }

  /** Whether one more attempt may be made. */
  get isLeft(): boolean {
    return this.#credit + ROUNDING >= 1;
  }

  take(): void {
    this.#credit -= 1;
  }
}
