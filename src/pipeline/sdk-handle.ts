import { reportFailure, warnOnce } from "../internal/warn-once.ts";
import { settledWithin } from "./sdk-bounded.ts";
import type { RunningSdk } from "./sdk-build.ts";

/** What start() gives back. Neither method ever rejects; what goes wrong is reported once through `diag`. */
export interface AgentOtel {
  /**
   * `started`: our SDK runs. `disabled`: OTEL_SDK_DISABLED=true. `external`: the program has an SDK of its own, which
   * needs `agentSpanProcessor()` in its list. In the last two, flush and shutdown do nothing.
   */
  readonly state: "started" | "disabled" | "external";
  /**
   * Sends what is waiting: spans, metrics, logs.
   *
   * @param timeoutMs How long to wait for it at most. @default 5_000
   */
  flush(timeoutMs?: number): Promise<void>;
  /**
   * Flushes, then stops exporting. Safe to call twice: later calls wait for the first.
   *
   * @param timeoutMs How long to wait for it at most. @default 5_000
   */
  shutdown(timeoutMs?: number): Promise<void>;
}

/** Milliseconds. Also what the end of the process waits. */
export const DEFAULT_TIMEOUT_MS = 5_000;

/** The handle where there is no SDK of ours. */
export function idleHandle(state: "disabled" | "external"): AgentOtel {
  return { state, flush: async () => {}, shutdown: async () => {} };
}

/**
 * @param onShutdown Called once, before the SDK stops.
 * @param onStopped Called once, when it has stopped, or was given up.
 */
export function runningHandle(sdk: RunningSdk, onShutdown: () => void, onStopped: () => void): AgentOtel {
  let stopped: Promise<void> | undefined;
  return {
    state: "started",
    flush: (timeoutMs = DEFAULT_TIMEOUT_MS) =>
      stopped ?? bounded("flush", () => sdk.flush(timeoutMs), timeoutMs),
    shutdown: (timeoutMs = DEFAULT_TIMEOUT_MS) => {
      if (stopped === undefined) {
        onShutdown();
        stopped = bounded("shutdown", () => sdk.shutdown(timeoutMs), timeoutMs).finally(onStopped);
      }
      return stopped;
    },
  };
}

async function bounded(what: string, work: () => Promise<unknown>, timeoutMs: number): Promise<void> {
  const problem = await settledWithin(work, timeoutMs);
  if (problem === "timeout")
    warnOnce(`late:${what}`, `${what} was not done after ${timeoutMs} ms; telemetry may be lost`);
  else if (problem !== undefined) reportFailure(what, problem);
}
