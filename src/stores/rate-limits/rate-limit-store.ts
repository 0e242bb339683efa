import type { LimitName, RateRule } from "./rate-rule.ts";

/** How much of each: calls, or what their cost comes to, and tokens. */
export interface Amounts {
  readonly calls: number;
  readonly tokens: number;
}

/** Whether it was let through, as of that moment. */
export interface RateVerdict {
  readonly allowed: boolean;
  /** Calls that would still pass now; tokens, where only those are limited. Whole, never below 0. */
  readonly remaining: number;
  /** Whole milliseconds until the same would pass, if nobody else came first; 0 where it has passed. */
  readonly retryAfterMs: number;
  /** `paused`: a provider asked for a pause. `undefined` where it has passed. */
  readonly reason: "rate" | "paused" | undefined;
  /** The limit that takes longest. */
  readonly limit: LimitName | undefined;
}

/** One limiter's key. */
export interface RateKey {
  readonly limiter: string;
  readonly key: string;
  readonly rules: readonly RateRule[];
}

/**
 * Rate limits that several processes share. Every method is one step in the database, by one clock for all; each may reject, and what
 * then holds is its caller's to say. Nothing waits or tries again for longer than seconds.
 */
export interface RateLimitStore {
  /** Takes from all limits of the key, or from none. @param lateMs As for `Meter.update`. */
  take(key: RateKey, amounts: Amounts, lateMs: number): Promise<RateVerdict>;
  /** Counts without asking, for what is known only afterwards. Negative amounts are given back. */
  add(key: RateKey, amounts: Amounts): Promise<void>;
  /** Lets nothing through for so long. Never shortens a pause. @param ms Milliseconds, up to `LONGEST_PAUSE_MS`. */
  pause(key: RateKey, ms: number): Promise<void>;
  /** Takes away what is above these. Buckets only; `undefined` leaves that kind as it is. */
  lower(key: RateKey, remaining: Partial<Amounts>): Promise<void>;
}
