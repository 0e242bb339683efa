import type { Amounts } from "../../stores/rate-limits/rate-limit-store.ts";
import type { Ask } from "./ask.ts";
import type { RateDecision } from "./rate-answer.ts";

/** Where a limiter keeps what was used: in this process, or in a store. Nothing here throws or rejects. */
export interface RateDesk<Answer extends RateDecision | Promise<RateDecision>> {
  /** @param lateMs As for `Meter.update`. */
  take(ask: Ask, lateMs: number): Answer;
  add(key: string, amounts: Amounts): void;
  /** @param ms Milliseconds. */
  pause(key: string, ms: number): void;
  lower(key: string, remaining: Partial<Amounts>): void;
}
