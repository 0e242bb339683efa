import { AgentError } from "./agent-error.ts";

/**
 * `rate`: too many calls or tokens. `paused`: the provider asked for a pause. `queue_full`: too many wait already. `deadline`: the wait
 * would outlast the caller's time. `store`: the store that the limit is shared through cannot be reached.
 */
export type RateLimitReason = "rate" | "paused" | "queue_full" | "deadline" | "store";

export interface RateLimitedFacts {
  readonly limiter: string;
  readonly key: string;
  readonly reason: RateLimitReason;
  readonly retryAfterMs: number;
  readonly limit: { readonly name: string; readonly amount: number } | undefined;
}

/** The call was not made, because there would have been too many. Nothing was counted for it. */
export class RateLimitedError extends AgentError {
  readonly code = "rate_limited";
  readonly limiter: string;
  /** Whose limit it was. Not in the message, since it may be a user. */
  readonly key: string;
  readonly reason: RateLimitReason;
  /** Milliseconds until it may pass, if nobody else comes first. */
  readonly retryAfterMs: number;
  /** The limit that stood in the way longest, as the option says; `undefined` where it was none. */
  readonly limit: { readonly name: string; readonly amount: number } | undefined;

  /** @param cause Of `store`: what the store said. */
  constructor({ limiter, key, reason, retryAfterMs, limit }: RateLimitedFacts, cause?: unknown) {
    const which = limit === undefined ? reason : `${reason}, ${limit.name} ${limit.amount}`;
    super(
      `rate limit "${limiter}" refused the call (${which}); try again in ${Math.ceil(retryAfterMs)} ms`,
      cause === undefined ? undefined : { cause },
    );
    this.limiter = limiter;
    this.key = key;
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
    this.limit = limit;
  }
}
