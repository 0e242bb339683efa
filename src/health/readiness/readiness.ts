import type { CheckResult, CheckState } from "./check.ts";
import { type ReadinessOptions, type ReadinessSettings, readinessSettings } from "./readiness-options.ts";
import { CheckRunner } from "./run-check.ts";

export interface ReadinessReport {
  /** `failed`: what is required is not there; `degraded`: something is not as it should be, and work can be done. */
  readonly status: CheckState;
  readonly checks: readonly CheckResult[];
  /** When it was looked. */
  readonly at: Date;
}

/**
 * Looks whether what the program needs is there: providers, stores, the collector, and what it says itself. All at once, each with a time limit;
 * an answer is given again for a while, and whoever asks meanwhile waits for the same one.
 */
export class Readiness {
  readonly #settings: ReadinessSettings;
  readonly #runners: readonly CheckRunner[];
  #last: { readonly report: ReadinessReport; readonly atMs: number } | undefined;
  #running: Promise<ReadinessReport> | undefined;

  /** @throws TypeError or RangeError that names the option, what it allows and the value. */
  constructor(options: ReadinessOptions) {
    this.#settings = readinessSettings(options);
    this.#runners = this.#settings.checks.map((check) => new CheckRunner(check, this.#settings));
  }

  /** Never rejects. */
  async check(): Promise<ReadinessReport> {
    const { clock, cacheMs } = this.#settings;
    if (this.#last !== undefined && clock.monotonic() - this.#last.atMs < cacheMs) return this.#last.report;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(): Promise<ReadinessReport> {
    const { clock } = this.#settings;
    const at = new Date(clock.now());
    const checks = await Promise.all(this.#runners.map((runner) => runner.run()));
    const report = { status: statusOf(checks), checks, at };
    this.#last = { report, atMs: clock.monotonic() };
    return report;
  }
}

function statusOf(checks: readonly CheckResult[]): CheckState {
  if (checks.some(({ required, state }) => required && state === "failed")) return "failed";
  return checks.every(({ state }) => state === "ok") ? "ok" : "degraded";
}

/** @see Readiness */
export function readiness(options: ReadinessOptions): Readiness {
  return new Readiness(options);
}
