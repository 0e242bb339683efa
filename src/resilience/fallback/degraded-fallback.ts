import { checkBetween } from "../../internal/check-number.ts";
import type { After } from "../../internal/timers.ts";
import type { Policy } from "../policy.ts";
import type { FailedCall, Fallback, FallbackAnswer } from "./fallback.ts";
import { inputOf } from "./input-of.ts";
import { timeLimit } from "./time-limit.ts";
import { untilAborted } from "./until-aborted.ts";

export interface DegradedFallbackOptions {
  /** How far to trust an answer of the backup, from 0 to 1. @default not said */
  readonly confidence?: number;
  /** Milliseconds that the backup may take. @default no limit but the caller's */
  readonly timeoutMs?: number;
  /** For tests. */
  readonly after?: After;
}

// biome-ignore lint/suspicious/noExplicitAny: the only type that every function is assignable to; nothing is read from it.
type Backup = (...args: any[]) => unknown;

/**
 * Answers with what another function says to the same input: a simpler agent, a cheaper model. Best one that fails for other reasons, under
 * a breaker of its own. Called without an input under `execute`; the signal comes last where the call had one, and under `execute`.
 *
 * @throws RangeError or TypeError that names the option and value.
 */
export function degradedFallback(backup: Backup, options: DegradedFallbackOptions = {}): Fallback {
  const { confidence, timeoutMs, after } = options;
  if (typeof backup !== "function")
    throw new TypeError(`degradedFallback: backup must be a function, got ${String(backup)}`);
  if (confidence !== undefined) checkBetween("degradedFallback: confidence", confidence, 0, 1);
  const timers = after === undefined ? {} : { after };
  const limit =
    timeoutMs === undefined ? undefined : timeLimit("degradedFallback: timeoutMs", timeoutMs, timers);
  const trust = confidence === undefined ? {} : { confidence };
  return {
    kind: "degraded",
    async answer(call) {
      return { value: await askBackup(backup, call, limit), ...trust } satisfies FallbackAnswer;
    },
  };
}

function askBackup(backup: Backup, call: FailedCall, limit: Policy | undefined): Promise<unknown> {
  if (limit === undefined) return untilAborted(() => backup(...inputOf(call, call.signal)), call.signal);
  return limit.execute((signal) => backup(...inputOf(call, signal)), call.signal);
}
