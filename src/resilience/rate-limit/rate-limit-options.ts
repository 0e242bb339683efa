import type { Clock } from "../../internal/clock.ts";
import type { After } from "../../internal/timers.ts";
import type { RateLimitStore } from "../../stores/rate-limits/rate-limit-store.ts";
import type { MetricSources } from "../../telemetry/metric-sources.ts";

/**
 * What holds while the store cannot be reached. `open`: every call passes. `closed`: none does. `insured`: each process keeps its part
 * of the limit in memory, which is the limit divided by `expectedProcesses`.
 */
export type StoreFailurePolicy = "open" | "closed" | "insured";

/** A database with rate limits in it, such as `redisStore(url)`. */
export interface RateLimitHome {
  readonly name: string;
  /** Left out by databases that cannot. */
  readonly rateLimits?: RateLimitStore;
}

/** At least one limit. All that are given hold at once; a call takes from every one of them, or from none. */
export interface RateLimitOptions {
  /** Shows up in errors and metrics, and names the limit in a store. Low cardinality: one per provider or model, not per user. */
  readonly name: string;
  readonly perSecond?: number;
  readonly perMinute?: number;
  /** In any 24 hours; not of a calendar day. What was used is free again 24 to 25 hours later. */
  readonly perDay?: number;
  /**
   * Calls that may come at once after a quiet time, of the shortest of `perSecond` and `perMinute`, over which the rest is spread evenly.
   * No minute holds more than `perMinute + burst` calls. The longer one of the two, where both are given, holds for any minute.
   *
   * @default 1: evenly spaced
   */
  readonly burst?: number;
  /** May come at once after a quiet minute, as providers allow; then they come back evenly. */
  readonly tokensPerMinute?: number;
  /** In any 24 hours, as `perDay`. */
  readonly tokensPerDay?: number;
  /**
   * Whose limit it is for a call that does not say: each key has all limits for itself. At most 256 characters.
   *
   * @default one for all
   */
  readonly key?: string | (() => string);
  /** Tokens that a call is expected to take where it does not say. @default 0 */
  readonly tokens?: number;
  /** The tokens that a call under `execute` or `around` has taken, from its result. @default the `usage` of OpenAI's and Anthropic's answers */
  readonly tokensOf?: (result: unknown) => number | undefined;
  /** Whether calls under `execute` and `around` wait for their turn. @default true */
  readonly wait?: boolean;
  /** Calls that may wait at the same time for one key. @default 1_000 */
  readonly maxWaiting?: number;
  /** Keys that are kept in memory. Those beyond share one limit. @default 100_000 */
  readonly maxKeys?: number;
  /** Shares the limit with other processes. @default none: each process has the whole limit for itself */
  readonly store?: RateLimitHome;
  /** @default "closed" */
  readonly onStoreFailure?: StoreFailurePolicy;
  /** Processes that share the limit; needed for `insured`. */
  readonly expectedProcesses?: number;
  /** For tests. */
  readonly clock?: Clock;
  /** For tests. */
  readonly after?: After;
  /** For tests: from 0 to 1, spreads the ends of pauses. */
  readonly random?: () => number;
  /** Where it tells its metrics. @default those of this process */
  readonly metrics?: MetricSources;
}

/** A limit for this process alone, which decides at once. */
export interface LocalRateLimitOptions extends RateLimitOptions {
  readonly store?: never;
}

/** A limit that several processes share. */
export interface SharedRateLimitOptions extends RateLimitOptions {
  readonly store: RateLimitHome;
}
