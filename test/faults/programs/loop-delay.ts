import { openSync, readSync } from "node:fs";
import { createHistogram, monitorEventLoopDelay } from "node:perf_hooks";

const EVERY_MS = 1;

/**
 * How late the event loop comes to a timer that is due each millisecond, as monitorEventLoopDelay has it, without the time that
 * the process waited for a processor: what else runs on the machine is no delay of ours.
 */
export class LoopDelay {
  readonly #raw = monitorEventLoopDelay({ resolution: EVERY_MS });
  readonly #own = createHistogram();
  readonly #scheduler = schedulerStatistics();
  #timer: NodeJS.Timeout | undefined;

  begin(): void {
    this.#raw.enable();
    let dueMs = performance.now() + EVERY_MS;
    let waited = this.#scheduler();
    this.#timer = setInterval(() => {
      const nowMs = performance.now();
      const nowWaited = this.#scheduler();
      const lateMs = nowMs - dueMs - (nowWaited - waited) / 1e6;
      this.#own.record(Math.max(1, Math.round(lateMs * 1e6)));
      dueMs = nowMs + EVERY_MS;
      waited = nowWaited;
    }, EVERY_MS).unref();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#raw.disable();
  }

  /** Milliseconds; `raw` is what monitorEventLoopDelay says. */
  get figures(): { readonly p99: number; readonly max: number; readonly rawP99: number } {
    const { max } = this.#own;
    return {
      p99: ms(this.#own.percentile(99)),
      max: max === 0 ? 0 : ms(max),
      rawP99: ms(this.#raw.percentile(99)),
    };
  }
}

function ms(nanoseconds: number): number {
  return Math.round(nanoseconds / 1e4) / 100;
}

/** @returns Reads how many nanoseconds this thread has waited for a processor; always 0 where the system does not tell. */
function schedulerStatistics(): () => number {
  const buffer = Buffer.alloc(128);
  let file: number;
  try {
    file = openSync("/proc/self/schedstat", "r");
  } catch {
    return () => 0;
  }
  return () => {
    const length = readSync(file, buffer, 0, buffer.length, 0);
    return Number(buffer.toString("latin1", 0, length).split(" ")[1] ?? 0);
  };
}
