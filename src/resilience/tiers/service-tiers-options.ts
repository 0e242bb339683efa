import { checkName } from "../../internal/check-name.ts";
import { checkWhole } from "../../internal/check-number.ts";
import type { Clock } from "../../internal/clock.ts";
import type { CachedAnswersOptions } from "../fallback/cached-answers.ts";

/** From best to last resort. */
export type TierName = "premium" | "standard" | "basic" | "emergency";

export type TierFunction<A extends unknown[], R> = (...args: A) => R | PromiseLike<R>;

export interface ServiceTiersOptions<A extends unknown[], R, E> {
  /** Shows up in metrics. One for each service. */
  readonly name: string;
  /** The full service. Its answers fill the cache. */
  readonly premium: TierFunction<A, R>;
  /** A simpler one, such as a cheaper model. */
  readonly standard?: TierFunction<A, R>;
  /** Asked where the cache has no answer: rules, templates. What it throws is for the call, and leaves the tier as it is. */
  readonly basic?: TierFunction<A, R>;
  /** What is said when nothing else answers: a value, or what makes one. It cannot fail: a function that throws gives `undefined`. */
  readonly emergency: E | TierFunction<A, E>;
  /** Answers of `premium` that `basic` may give again. @default none are kept */
  readonly cache?: Omit<CachedAnswersOptions, "clock">;
  /** Milliseconds on a tier before one call tries the one above; and between such calls. @default 60_000 */
  readonly recoverAfterMs?: number;
  readonly clock?: Clock;
}

/** @throws RangeError or TypeError that names the option and value. */
export function checkTiersOptions(options: Readonly<Record<string, unknown>>): number {
  checkName("serviceTiers", options["name"]);
  if (options["emergency"] === undefined)
    throw new TypeError("serviceTiers: emergency must be a value or a function, got undefined");
  for (const tier of ["premium", "standard", "basic"]) {
    const fn = options[tier];
    if (typeof fn !== "function" && (tier === "premium" || fn !== undefined))
      throw new TypeError(`serviceTiers: ${tier} must be a function, got ${String(fn)}`);
  }
  return checkWhole("serviceTiers: recoverAfterMs", options["recoverAfterMs"] ?? 60_000, 1);
}
