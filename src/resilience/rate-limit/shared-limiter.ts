import type { RateRequest } from "./ask.ts";
import { Limiter } from "./limiter.ts";
import type { RateDecision } from "./rate-answer.ts";

/** A limit that several processes share through a store. Among those who wait, the order holds within one process. */
export class SharedRateLimiter extends Limiter<Promise<RateDecision>> {
  async tryAcquire(request?: RateRequest): Promise<RateDecision> {
    const { asks, desk, counts } = this.parts;
    const ask = asks.of(request);
    const dueInMs = this.lines.get(ask.key)?.dueInMs(ask) ?? 0;
    const decision: RateDecision =
      dueInMs > 0
        ? { allowed: false, remaining: 0, retryAfterMs: dueInMs, reason: "rate", limit: undefined }
        : await desk.take(ask, 0);
    if (decision.allowed) counts.admitted += 1;
    else counts.rejections[decision.reason ?? "rate"] += 1;
    return decision;
  }

  /** Only the store knows. */
  protected atOnce(): boolean {
    return false;
  }
}
