import { runGuarded } from "../agent/run-guarded.ts";
import { checkFunction } from "../internal/check-name.ts";
import { checkWhole } from "../internal/check-number.ts";
import { eitherSignal } from "../internal/deadline.ts";
import { NEVER } from "../resilience/policy.ts";
import { RunGuard } from "./limits/run-guard.ts";
import type { CheckedLimits } from "./limits/run-limits.ts";

/** What one run may use, with all that it calls. At least one must be given. */
export interface LimitOptions {
  /** Model calls of one agent, each agent counted by itself. */
  readonly iterations?: number;
  /** Model calls of all agents together. */
  readonly modelCalls?: number;
  readonly toolCalls?: number;
  /** US dollars. Calls of a model without a known price are refused. */
  readonly usd?: number;
  /** Input and output of all model calls. */
  readonly tokens?: number;
  /** Stands in errors. @default "the run" */
  readonly name?: string;
}

/**
 * Runs `fn` with a hard limit on what it may use, in its agents, their agents and tools, through every await. A call that would go
 * beyond is not made: it throws `LimitExceededError`, and from then on `signal` is aborted with that error.
 *
 * Money and tokens hold before the call where its maximum is known (an instrumented client, a known price, a request of text with `max_tokens`);
 * else a call may begin while something is left, and what it costs too much blocks the next. Calls are counted when they begin.
 *
 * Seen are the calls of instrumented clients (`register`, `observe`), of frameworks with an adapter, of `chat` and of `tool`; what `recordUsage` tells counts for money and tokens. A client that
 * nobody instruments is not seen, and not limited.
 *
 * @param fn Gets a signal that ends with the limit or with the caller's.
 * @param signal The caller's.
 * @returns What `fn` returns.
 * @throws RangeError or TypeError on a bad option; what `fn` throws.
 */
export async function limits<T>(
  options: LimitOptions,
  fn: (signal: AbortSignal) => T | PromiseLike<T>,
  signal: AbortSignal = NEVER,
): Promise<T> {
  const checked = checkLimits(options);
  checkFunction("limits", fn);
  signal.throwIfAborted();
  const guard = new RunGuard(options.name ?? "the run", checked);
  return runGuarded(guard, (totals) => {
    guard.totals = totals;
    return fn(eitherSignal(guard.signal, signal));
  });
}

function checkLimits({ iterations, modelCalls, toolCalls, usd, tokens }: LimitOptions): CheckedLimits {
  const whole = { iterations, modelCalls, toolCalls, tokens };
  for (const [name, value] of Object.entries(whole)) {
    if (value !== undefined) checkWhole(`limits: ${name}`, value, 0);
  }
  if (usd !== undefined && !(typeof usd === "number" && Number.isFinite(usd) && usd >= 0))
    throw new RangeError(`limits: usd must be a number of dollars >= 0, got ${String(usd)}`);
  if (usd === undefined && Object.values(whole).every((value) => value === undefined))
    throw new TypeError("limits: give at least one of iterations, modelCalls, toolCalls, usd, tokens");
  return { ...whole, nanoUsd: usd === undefined ? undefined : Math.round(usd * 1e9) };
}
