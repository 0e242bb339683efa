import type { RateVerdict } from "../../stores/rate-limits/rate-limit-store.ts";

/** What a limiter says to one that asks. */
export interface RateDecision extends Omit<RateVerdict, "reason"> {
  /** `undefined` where it has passed; `store` where the store cannot be reached and the policy is `closed`. */
  readonly reason: RateVerdict["reason"] | "store";
  /** Of `store`: what the store said. */
  readonly cause?: unknown;
}

/** Let through, with nothing known of what remains: the store cannot be reached, and the policy is `open`. */
export const PASSED: RateDecision = {
  allowed: true,
  remaining: 0,
  retryAfterMs: 0,
  reason: undefined,
  limit: undefined,
};
