import type { Clock } from "../../internal/clock.ts";
import type { After } from "../../internal/timers.ts";
import type { RateRule } from "../../stores/rate-limits/rate-rule.ts";
import type { Asks } from "./ask.ts";
import type { RateDecision } from "./rate-answer.ts";
import type { RateDesk } from "./rate-desk.ts";
import type { LimiterCounts } from "./rate-limit-counts.ts";

/** What a limiter is made of, with all defaults filled in. */
export interface LimiterParts<Answer extends RateDecision | Promise<RateDecision>> {
  readonly name: string;
  readonly rules: readonly RateRule[];
  readonly asks: Asks;
  readonly desk: RateDesk<Answer>;
  readonly counts: LimiterCounts;
  readonly clock: Clock;
  readonly after: After;
  readonly random: () => number;
  readonly waits: boolean;
  readonly maxWaiting: number;
  /** Whether any limit is on tokens. */
  readonly countsTokens: boolean;
  readonly tokensOf: (result: unknown) => number | undefined;
}
