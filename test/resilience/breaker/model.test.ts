import fc from "fast-check";
import { expect, it } from "vitest";
import type { Outcome } from "../../../src/resilience/breaker/outcome.ts";
import type { Permit } from "../../../src/resilience/breaker/permit.ts";
import { consecutiveFailures } from "../../../src/resilience/breaker/trip/consecutive-failures.ts";
import { machineOf } from "./machine.ts";
import { ReferenceMachine } from "./reference-machine.ts";

const outcome = fc.constantFrom<Outcome>(
  "success",
  "failure",
  "failure",
  "slow_success",
  "slow_failure",
  "ignored",
);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("acquire" as const) }) },
  // Any permit ever given, settled ones too.
  { weight: 6, arbitrary: fc.record({ do: fc.constant("settle" as const), pick: fc.nat(1_000), outcome }) },
  // Round numbers meet the ends of leases and open times exactly.
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("tick" as const),
      ms: fc.constantFrom(1, 50, 100, 250, 999, 4_000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("record" as const), failed: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("forceOpen", "disable", "reset", "reset") }) },
);
const setting = fc.record({
  limit: fc.integer({ min: 1, max: 3 }),
  permits: fc.integer({ min: 1, max: 3 }),
  lease: fc.constantFrom(50, 300),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
const BY_HAND = { forceOpen: "forced_open", disable: "disabled", reset: "closed" } as const;

/** Takes the same steps on both machines and compares all that can be seen after each of them. */
function compare(
  steps: readonly Step[],
  setting: { limit: number; permits: number; lease: number },
): Set<string> {
  const reference = new ReferenceMachine({ ...setting, base: 100, max: 350, healthy: 1_000 });
  const transitions = new Set<string>();
  const { machine, clock } = machineOf({
    trip: consecutiveFailures(setting.limit),
    halfOpenPermits: setting.permits,
    probeLeaseMs: setting.lease,
    recoveryTimeoutMs: 100,
    maxRecoveryTimeoutMs: 350,
    healthyWindowMs: 1_000,
    onTransition: ({ from, to }) => transitions.add(`${from}>${to}`),
  });
  const permits: Permit[] = [];
  const settled = new Set<Permit>();
  for (const each of steps) {
    if (each.do === "acquire") {
      const permit = machine.acquire();
      const passes = reference.acquire(permits.length);
      if ((permit !== undefined) !== passes) expect.fail(`admitted ${!passes}, expected ${passes}`);
      if (permit !== undefined) permits.push(permit);
    } else if (each.do === "settle" && "pick" in each) {
      const id = each.pick % Math.max(1, permits.length);
      const permit = permits[id];
      if (permit === undefined) continue;
      machine.settle(permit, each.outcome);
      if (!settled.has(permit)) reference.settle(id, each.outcome);
      settled.add(permit);
    } else if (each.do === "tick" && "ms" in each) {
      clock.advance(each.ms);
      reference.tick(each.ms);
    } else if (each.do === "record" && "failed" in each) {
      if (each.failed) machine.recordFailure();
      else machine.recordSuccess();
      reference.record(each.failed ? "failure" : "success");
    } else if (each.do === "forceOpen" || each.do === "disable" || each.do === "reset") {
      machine[each.do]();
      reference.byHand(BY_HAND[each.do]);
    }
    const ours = [
      machine.state,
      machine.isAvailable(),
      machine.retryAfterMs(),
      machine.rejections,
      machine.lateResults,
      machine.ignored,
    ];
    const theirs = [
      reference.state,
      reference.available(),
      reference.retryAfter(),
      reference.rejections,
      reference.late,
      reference.ignored,
    ];
    if (ours.join() !== theirs.join())
      expect.fail(`after ${JSON.stringify(each)}: ${ours.join()}, expected ${theirs.join()}`);
  }
  return transitions;
}

it("does what the reference machine does, in 10,000 random schedules", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 80, size: "max" }), setting, (steps, options) => {
      for (const transition of compare(steps, options)) seen.add(transition);
    }),
    { numRuns: 10_000 },
  );
  // All that can happen did: else the schedules prove less than they seem to.
  expect([...seen].sort()).toEqual([
    "closed>disabled",
    "closed>forced_open",
    "closed>open",
    "disabled>closed",
    "disabled>forced_open",
    "forced_open>closed",
    "forced_open>disabled",
    "half_open>closed",
    "half_open>disabled",
    "half_open>forced_open",
    "half_open>open",
    "open>closed",
    "open>disabled",
    "open>forced_open",
    "open>half_open",
  ]);
});
