import {
  type BucketRule,
  type LimitName,
  type RateRule,
  WINDOW_SLOTS,
  type WindowRule,
} from "../../stores/rate-limits/rate-rule.ts";
import type { RateLimitOptions } from "./rate-limit-options.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * The rules that options come to. The shortest limit on calls is spread evenly; a longer one beside it is a window, since as a bucket it
 * would let twice its amount through in its first period.
 */
export function rulesOf(options: RateLimitOptions): readonly RateRule[] {
  const { perSecond, perMinute, perDay, tokensPerMinute, tokensPerDay, burst = 1 } = options;
  const rules: RateRule[] = [];
  if (perSecond !== undefined) rules.push(bucket("perSecond", "calls", perSecond, burst, SECOND_MS));
  if (perMinute !== undefined) {
    const isShortest = perSecond === undefined;
    rules.push(
      isShortest
        ? bucket("perMinute", "calls", perMinute, burst, MINUTE_MS)
        : window("perMinute", "calls", perMinute, MINUTE_MS),
    );
  }
  if (perDay !== undefined) rules.push(window("perDay", "calls", perDay, DAY_MS));
  if (tokensPerMinute !== undefined)
    rules.push(bucket("tokensPerMinute", "tokens", tokensPerMinute, tokensPerMinute, MINUTE_MS));
  if (tokensPerDay !== undefined) rules.push(window("tokensPerDay", "tokens", tokensPerDay, DAY_MS));
  return rules;
}

/** One process's part. At least one call, or it could never make one; a window that is smaller than its processes lets nothing through. */
export function partOf(rules: readonly RateRule[], processes: number): readonly RateRule[] {
  return rules.map((rule) => {
    const capacity = Math.floor(rule.capacity / processes);
    return rule.kind === "bucket"
      ? { ...rule, capacity: Math.max(1, capacity), perMs: rule.perMs / processes }
      : { ...rule, capacity };
  });
}

function bucket(
  name: LimitName,
  of: RateRule["of"],
  amount: number,
  capacity: number,
  periodMs: number,
): BucketRule {
  return { kind: "bucket", name, of, amount, capacity, perMs: amount / periodMs };
}

function window(name: LimitName, of: RateRule["of"], amount: number, periodMs: number): WindowRule {
  return { kind: "window", name, of, amount, capacity: amount, slotMs: periodMs / WINDOW_SLOTS };
}
