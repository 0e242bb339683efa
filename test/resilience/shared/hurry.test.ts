import { describe, expect, it } from "vitest";
import { consecutiveFailures } from "../../../src/resilience/breaker/trip/consecutive-failures.ts";
import { countWindow } from "../../../src/resilience/breaker/trip/count-window.ts";
import { timeWindow } from "../../../src/resilience/breaker/trip/time-window.ts";
import type { TripRule } from "../../../src/resilience/breaker/trip/trip-rule.ts";
import { machineOf } from "../breaker/machine.ts";

/** Failures until it trips, and forgets them. */
function failuresToTrip(rule: TripRule): number {
  let failures = 1;
  while (!rule.record("failure", Number.NaN, 0)) failures += 1;
  rule.reset();
  return failures;
}

const RULES: readonly [string, (most: number) => TripRule][] = [
  ["consecutiveFailures", (most) => consecutiveFailures(most)],
  ["countWindow", (most) => countWindow({ size: 20, minimumCalls: most })],
  ["timeWindow", (most) => timeWindow({ minimumCalls: most })],
];

describe.each(RULES)("%s in a hurry", (_, rule) => {
  it.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [5, 3],
    [10, 5],
  ])("needs half as much, and at least one: %i becomes %i", (usual, hurried) => {
    const tested = rule(usual);
    tested.hurry?.(true);
    expect(failuresToTrip(tested)).toBe(hurried);
    expect(failuresToTrip(tested)).toBe(hurried);
    tested.hurry?.(false);
    expect(failuresToTrip(tested)).toBe(usual);
  });

  it("counts on where it was when it is told so", () => {
    const tested = rule(4);
    expect(tested.record("failure", Number.NaN, 0)).toBe(false);
    tested.hurry?.(true);
    expect(tested.record("failure", Number.NaN, 0)).toBe(true);
  });
});

it("a machine changes no state for it, and takes a rule that knows no hurry", () => {
  const seen: string[] = [];
  const rule = consecutiveFailures(4);
  const calm: TripRule = {
    needsDuration: false,
    windowMs: undefined,
    record: (outcome) => rule.record(outcome, 0, 0),
    isBad: (outcome) => rule.isBad(outcome, 0),
    reset: () => rule.reset(),
  };
  const { machine } = machineOf({ trip: calm, onTransition: ({ reason }) => seen.push(reason) });
  for (let n = 0; n < 3; n += 1) machine.recordFailure();
  machine.hurry(true);
  expect([machine.state, seen]).toEqual(["closed", []]);
  machine.recordFailure();
  expect(machine.state).toBe("open");
});
