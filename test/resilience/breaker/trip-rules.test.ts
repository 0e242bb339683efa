import { describe, expect, it } from "vitest";
import type { CountedOutcome } from "../../../src/resilience/breaker/outcome.ts";
import { consecutiveFailures } from "../../../src/resilience/breaker/trip/consecutive-failures.ts";
import { countWindow } from "../../../src/resilience/breaker/trip/count-window.ts";
import { timeWindow } from "../../../src/resilience/breaker/trip/time-window.ts";
import type { TripRule } from "../../../src/resilience/breaker/trip/trip-rule.ts";

/** Records one outcome after the other and says at which one the rule trips. */
function tripsAt(rule: TripRule, outcomes: readonly CountedOutcome[], atMs = 0): number {
  return outcomes.findIndex((each) => rule.record(each, Number.NaN, atMs)) + 1;
}

function times(n: number, outcome: CountedOutcome): CountedOutcome[] {
  return Array.from({ length: n }, () => outcome);
}

describe("consecutiveFailures", () => {
  it("trips at the fifth failure in a row by default, slow ones included", () => {
    expect(tripsAt(consecutiveFailures(), [...times(4, "failure"), "slow_failure"])).toBe(5);
  });

  it.each(["success", "slow_success"] as const)("starts again after a %s", (outcome) => {
    const rule = consecutiveFailures(3);
    expect(tripsAt(rule, ["failure", "failure", outcome, "failure", "failure", "failure"])).toBe(6);
  });

  it("forgets on reset", () => {
    const rule = consecutiveFailures(2);
    rule.record("failure", Number.NaN, 0);
    rule.reset();
    expect(rule.record("failure", Number.NaN, 0)).toBe(false);
  });
});

describe.each([
  ["countWindow", countWindow],
  ["timeWindow", timeWindow],
] as const)("%s", (_name, make) => {
  it("trips at half of the calls, from the fifth call on, by default", () => {
    expect(tripsAt(make(), times(9, "failure"))).toBe(5);
    expect(tripsAt(make(), [...times(4, "success"), ...times(9, "failure")])).toBe(8);
  });

  it("trips at a success that is slow", () => {
    const rule = make({ slowRate: 0.5, slowCallMs: 100, minimumCalls: 2 });
    expect([rule.record("success", 99, 0), rule.record("success", 100, 0)]).toEqual([false, true]);
  });

  it("does not look at slow calls without a rate for them", () => {
    expect(tripsAt(make(), times(20, "slow_success"))).toBe(0);
    expect(make().isBad("slow_success", 1e9)).toBe(false);
  });

  it("counts a slow failure as both", () => {
    expect(
      tripsAt(make({ failureRate: 1, slowRate: 0.5 }), [...times(3, "success"), ...times(3, "slow_failure")]),
    ).toBe(6);
  });

  it("asks for durations only where slowness is measured", () => {
    expect([make().needsDuration, make({ slowRate: 1 }).needsDuration]).toEqual([false, false]);
    expect(make({ slowRate: 1, slowCallMs: 5 }).needsDuration).toBe(true);
  });

  it.each([
    [times(4, "failure"), 0],
    [times(5, "failure"), 5],
    [[...times(3, "success"), ...times(2, "slow_failure")], 0],
  ] as const)("starts from nothing after a reset", (outcomes, at) => {
    const rule = make({ slowRate: 0.5 });
    for (const each of times(4, "slow_failure")) rule.record(each, Number.NaN, 0);
    rule.reset();
    expect(tripsAt(rule, outcomes)).toBe(at);
  });
});

describe("countWindow", () => {
  it("forgets the oldest call for each new one", () => {
    const rule = countWindow({ size: 4, minimumCalls: 4, failureRate: 0.75 });
    expect(tripsAt(rule, ["failure", "failure", "success", "success", "failure", "failure"])).toBe(0);
    expect(rule.record("failure", Number.NaN, 0)).toBe(true);
  });

  it("needs no more calls than fit", () => {
    expect(tripsAt(countWindow({ size: 3 }), times(3, "failure"))).toBe(3);
  });
});

describe("timeWindow", () => {
  it("takes 7 failures of 25 for a rate of 0.28", () => {
    const outcomes = [...times(18, "success"), ...times(7, "failure")];
    expect(tripsAt(timeWindow({ failureRate: 0.28, minimumCalls: 25 }), outcomes)).toBe(25);
  });

  it.each([1, 10, 7, 6_000])("is empty after an idle window, cut into %d pieces", (buckets) => {
    const rule = timeWindow({ windowMs: 6_000, buckets, minimumCalls: 5 });
    expect(tripsAt(rule, times(4, "failure"), 5_999)).toBe(0);
    expect(rule.record("failure", Number.NaN, 11_999)).toBe(false);
  });

  it("passes all the buckets that are over, not one for each call", () => {
    const rule = timeWindow({ windowMs: 1_000, buckets: 10, minimumCalls: 6 });
    expect(tripsAt(rule, times(4, "failure"), 0)).toBe(0);
    expect(rule.record("success", Number.NaN, 450)).toBe(false);
    expect(rule.record("failure", Number.NaN, 1_100)).toBe(false);
  });

  it("still knows a call that is younger than the window less one bucket", () => {
    const rule = timeWindow({ windowMs: 1_000, buckets: 10, minimumCalls: 5 });
    expect(tripsAt(rule, times(4, "failure"), 0)).toBe(0);
    expect(rule.record("failure", Number.NaN, 899)).toBe(true);
  });
});
