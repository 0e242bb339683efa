import { writeSync } from "node:fs";
import { LoopDelay } from "./loop-delay.ts";

/** What the program tells of itself, as JSON, when it ends. */
export interface HostReport {
  /** Calls whose result was not what it is without telemetry; `undefined` where the work did not get to its end. */
  readonly wrong: number | undefined;
  readonly uncaught: readonly string[];
  /** Warnings of Node, as of too many listeners. */
  readonly warnings: readonly string[];
  /** While the calls were made. */
  readonly delay: LoopDelay["figures"];
  /** Milliseconds. */
  readonly workMs: number;
  /** From the end of the work until nothing was left that kept the process alive, and until its end. */
  readonly idleAfterMs: number | undefined;
  readonly endAfterMs: number;
}

/** Where the parent reads: no stream of the program's own. One line when the work is done, then the report. */
const REPORT_FD = 3;

/** Watches the process from now on, and reports at its end. */
export class HostWatch {
  readonly #delay = new LoopDelay();
  readonly #uncaught: string[] = [];
  readonly #warnings: string[] = [];
  #startMs = performance.now();
  #workEndMs = performance.now();
  #idleMs: number | undefined;
  #wrong: number | undefined;

  constructor() {
    // Sees what would end the process, without saving it. Rejections come here too, in strict mode.
    process.on("uncaughtExceptionMonitor", (error, origin) => {
      this.#uncaught.push(`${origin}: ${String(error)}`);
    });
    process.on("warning", ({ name, message }) => this.#warnings.push(`${name}: ${message}`));
    process.on("exit", () => this.#report());
  }

  begin(): void {
    this.#startMs = performance.now();
    this.#delay.begin();
  }

  workDone(wrong: number): void {
    this.#delay.end();
    this.#wrong = wrong;
    this.#workEndMs = performance.now();
    writeSync(REPORT_FD, "worked\n");
    // First in line, and gone when the others run: they may look who else is there.
    process.prependOnceListener("beforeExit", () => {
      this.#idleMs = performance.now();
    });
  }

  #report(): void {
    const report: HostReport = {
      wrong: this.#wrong,
      uncaught: this.#uncaught,
      warnings: this.#warnings,
      delay: this.#delay.figures,
      workMs: Math.round(this.#workEndMs - this.#startMs),
      idleAfterMs: this.#idleMs === undefined ? undefined : Math.round(this.#idleMs - this.#workEndMs),
      endAfterMs: Math.round(performance.now() - this.#workEndMs),
    };
    writeSync(REPORT_FD, JSON.stringify(report));
  }
}
