import type { MemoryRates } from "../../stores/rate-limits/memory-rates.ts";
import type { RateDecision } from "./rate-answer.ts";
import type { RateDesk } from "./rate-desk.ts";

export function localDesk(rates: MemoryRates): RateDesk<RateDecision> {
  return {
    take: ({ key, calls, tokens }, lateMs) => rates.take(key, calls, tokens, lateMs),
    add: (key, amounts) => rates.add(key, amounts),
    pause: (key, ms) => rates.pause(key, ms),
    lower: (key, remaining) => rates.lower(key, remaining),
  };
}
