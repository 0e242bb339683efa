import type { Ledger } from "../stores/ledger/ledger.ts";
import type { Store } from "../stores/store.ts";
import type { BreakerMachineOptions } from "./breaker/breaker-machine-options.ts";
import type { TripRule } from "./breaker/trip/trip-rule.ts";
import type { CallVerdict } from "./classify-error.ts";
import type { Fallback } from "./fallback/fallback.ts";

/** All but `name` have defaults. Times in milliseconds, whole numbers. */
export interface CircuitBreakerOptions extends Omit<BreakerMachineOptions, "trip"> {
  /** Shows up in errors and metrics. Low cardinality: one per dependency, not per request. */
  readonly name: string;
  /** Failures in a row that open it; in place of `trip`. @default 5 */
  readonly failureThreshold?: number;
  /** Another rule: `countWindow`, `timeWindow`, or one of your own. Each breaker needs its own. */
  readonly trip?: TripRule;
  /** How long a call may take. @default no limit */
  readonly callTimeoutMs?: number;
  /**
   * What an error says about the dependency. What it throws counts as a failure.
   *
   * @default see `classifyError`: refusals of ours, cancelled calls and 4xx answers are ignored, all else is a failure
   */
  readonly classify?: (error: unknown) => CallVerdict;
  /** What answers in place of a call that fails or is refused; the same as `onFailure`. */
  readonly fallback?: Fallback;
  /**
   * Shares the breaker with those of its name in other processes: `redisStore`, `postgresStore` or `sqliteStore`. What an operator does
   * reaches all of them; an automatic opening is only advice. No call waits for it.
   *
   * @default every process has its own
   */
  readonly store?: Pick<Store, "breakers">;
  /** Keeps every counted failure and every change of state. What goes wrong with it is its own business, and never the call's. */
  readonly ledger?: Pick<Ledger, "record">;
}
