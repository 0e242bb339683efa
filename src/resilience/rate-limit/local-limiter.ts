import type { Ask, RateRequest } from "./ask.ts";
import { Limiter } from "./limiter.ts";
import type { RateDecision } from "./rate-answer.ts";

/** A limit of this process. It decides in one synchronous step, so that nothing comes between the look and the count. */
export class RateLimiter extends Limiter<RateDecision> {
  tryAcquire(request?: RateRequest): RateDecision {
    const { asks, desk, counts } = this.parts;
    const ask = asks.of(request);
    const line = this.lines.size === 0 ? undefined : this.lines.get(ask.key);
    const decision = line === undefined ? desk.take(ask, 0) : behind(line.dueInMs(ask));
    if (decision.allowed) counts.admitted += 1;
    else counts.rejections[decision.reason ?? "rate"] += 1;
    return decision;
  }

  protected atOnce(ask: Ask): boolean {
    if (this.lines.size > 0 && this.lines.has(ask.key)) return false;
    const { allowed } = this.parts.desk.take(ask, 0);
    if (allowed) this.parts.counts.admitted += 1;
    return allowed;
  }
}

/** For whom others wait already. */
function behind(dueInMs: number): RateDecision {
  const retryAfterMs = Math.max(1, dueInMs);
  return { allowed: false, remaining: 0, retryAfterMs, reason: "rate", limit: undefined };
}
