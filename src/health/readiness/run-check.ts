import type { Clock } from "../../internal/clock.ts";
import { reasonOf } from "../../internal/outbound/abort-reason.ts";
import type { After } from "../../internal/timers.ts";
import { untraced } from "../../internal/untraced.ts";
import { errorType } from "../../telemetry/error-type.ts";
import type { Check, CheckResult } from "./check.ts";

const TIMEOUT = "timeout";

export interface RunCheckOptions {
  readonly timeoutMs: number;
  /** An answer that takes longer is degraded. */
  readonly slowMs: number;
  readonly clock: Clock;
  readonly after: After;
}

/** Runs one check again and again, one run at a time: one that hangs and hears no signal is not begun a second time. */
export class CheckRunner {
  readonly #check: Check;
  readonly #options: RunCheckOptions;
  #running: Promise<unknown> | undefined;

  constructor(check: Check, options: RunCheckOptions) {
    this.#check = check;
    this.#options = options;
  }

  /** Never rejects, and takes no longer than the time limit. */
  async run(): Promise<CheckResult> {
    const { name, required } = this.#check;
    const { clock, slowMs } = this.#options;
    const from = clock.monotonic();
    const result = (state: CheckResult["state"], error?: string): CheckResult => {
      const durationMs = Math.round(clock.monotonic() - from);
      const isSlow = state === "ok" && durationMs > slowMs;
      return { name, required, state: isSlow ? "degraded" : state, durationMs, error };
    };
    if (this.#running !== undefined) return result("failed", TIMEOUT);
    try {
      return result(await this.#timed());
    } catch (error) {
      return result("failed", error === OVER ? TIMEOUT : errorType(error));
    }
  }

  async #timed(): Promise<"ok" | "degraded"> {
    const { timeoutMs, after } = this.#options;
    const ending = new AbortController();
    const cancel = after(timeoutMs, () => ending.abort(OVER), true);
    const { promise: over, stop } = reasonOf(ending.signal);
    const running = untraced(async () => this.#check.run(ending.signal));
    this.#running = running;
    const done = (): void => {
      this.#running = undefined;
    };
    running.then(done, done);
    try {
      return await Promise.race([running, over]);
    } finally {
      cancel();
      stop();
    }
  }
}

const OVER = new DOMException("the check took too long", "TimeoutError");
