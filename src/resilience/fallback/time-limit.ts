import { checkWhole } from "../../internal/check-number.ts";
import type { Policy } from "../policy.ts";
import { type TimeoutOptions, timeout } from "../timeout.ts";

const LONGEST_TIMER_MS = 2_147_483_647;

/** A timeout whose bad value is told by the name of the option that it came from. @throws RangeError */
export function timeLimit(option: string, ms: number, timers: TimeoutOptions = {}): Policy {
  return timeout(checkWhole(option, ms, 1, LONGEST_TIMER_MS), timers);
}
