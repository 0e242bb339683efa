import { describe, expect, it } from "vitest";
import type { BreakerTransition } from "../../../src/resilience/breaker/breaker-transition.ts";
import { consecutiveFailures } from "../../../src/resilience/breaker/trip/consecutive-failures.ts";
import { countWindow } from "../../../src/resilience/breaker/trip/count-window.ts";
import { timeWindow } from "../../../src/resilience/breaker/trip/time-window.ts";
import { admitted, call, machineOf, untilProbe } from "./machine.ts";

describe("the state machine of a breaker", () => {
  it("opens, waits, tries once and closes", () => {
    const { machine, clock } = machineOf({ trip: consecutiveFailures(3), recoveryTimeoutMs: 30_000 });
    expect(machine.state).toBe("closed");
    for (let n = 0; n < 3; n += 1) call(machine, "failure");

    expect(machine.state).toBe("open");
    expect(machine.acquire()).toBeUndefined();
    expect(machine.retryAfterMs()).toBe(30_000);

    clock.advance(30_000);
    expect(machine.state).toBe("half_open");
    const probe = admitted(machine);
    expect(machine.acquire()).toBeUndefined();

    machine.settle(probe, "success");
    expect(machine.state).toBe("closed");
    call(machine, "failure");
    expect(machine.state).toBe("closed");
  });

  it("opens again when the probe fails, each time for twice as long, up to the maximum", () => {
    const { machine, clock } = machineOf({ maxRecoveryTimeoutMs: 5_000 });
    const waits: (number | undefined)[] = [];
    for (let n = 0; n < 5; n += 1) {
      call(machine, "failure");
      waits.push(machine.retryAfterMs());
      clock.advance(machine.retryAfterMs()!);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 5_000, 5_000]);
  });

  it.each([
    [59_999, 2_000],
    [60_000, 1_000],
  ])("closed for %d ms, it opens for %d ms: a healthy window forgets the earlier opening", (ms, wait) => {
    const { machine, clock } = machineOf();
    untilProbe(machine, clock);
    call(machine, "success");
    clock.advance(ms);
    call(machine, "failure");
    expect(machine.retryAfterMs()).toBe(wait);
  });

  it("takes the window of the rule for the healthy one", () => {
    const { machine, clock } = machineOf({ trip: timeWindow({ windowMs: 7_000, minimumCalls: 1 }) });
    untilProbe(machine, clock);
    call(machine, "success");
    clock.advance(7_000);
    call(machine, "failure");
    expect(machine.retryAfterMs()).toBe(1_000);
  });

  it.each([
    [0, 800],
    [0.5, 1_000],
    [1, 1_200],
    [Number.NaN, 1_000],
  ])("varies the open time by a fifth: random %d gives %d ms", (random, ms) => {
    const { machine } = machineOf({ jitter: 0.2, random: () => random });
    call(machine, "failure");
    expect(machine.retryAfterMs()).toBeCloseTo(ms, 9);
  });

  it("changes nothing when it is read", () => {
    const transitions: BreakerTransition[] = [];
    const { machine, clock } = machineOf({ onTransition: (each) => transitions.push(each) });
    untilProbe(machine, clock);
    for (let n = 0; n < 3; n += 1) {
      expect([machine.state, machine.isAvailable(), machine.retryAfterMs()]).toEqual(["half_open", true, 0]);
    }
    expect([transitions.length, machine.rejections]).toEqual([1, 0]);
  });

  it("says of each transition from where to where, why and when", () => {
    const transitions: BreakerTransition[] = [];
    const { machine, clock } = machineOf({ onTransition: (each) => transitions.push(each) });
    const cause = new Error("503");
    machine.settle(admitted(machine), "failure", cause);
    clock.advance(1_500);
    machine.settle(admitted(machine), "success");
    expect(transitions).toEqual([
      { from: "closed", to: "open", reason: "tripped", atMs: 0, openMs: 1_000, cause },
      { from: "open", to: "half_open", reason: "recovery_time_over", atMs: 1_500, openMs: undefined, cause },
      {
        from: "half_open",
        to: "closed",
        reason: "probes_succeeded",
        atMs: 1_500,
        openMs: undefined,
        cause: undefined,
      },
    ]);
  });

  it("keeps the cause of the last failure until it closes", () => {
    const { machine, clock } = machineOf();
    const cause = new Error("503");
    machine.settle(admitted(machine), "failure", cause);
    expect(machine.lastFailure).toBe(cause);
    clock.advance(1_000);
    call(machine, "success");
    expect(machine.lastFailure).toBeUndefined();
  });

  it("counts a permit that is settled twice once", () => {
    const { machine } = machineOf({ trip: consecutiveFailures(2) });
    const permit = admitted(machine);
    machine.settle(permit, "failure");
    machine.settle(permit, "failure");
    expect([machine.state, machine.lateResults]).toEqual(["closed", 0]);
  });

  it("counts each refusal", () => {
    const { machine } = machineOf();
    call(machine, "failure");
    for (let n = 0; n < 7; n += 1) machine.acquire();
    expect(machine.rejections).toBe(7);
  });

  it("closes after all of several probes succeeded, and not before", () => {
    const { machine, clock } = machineOf({ halfOpenPermits: 3 });
    untilProbe(machine, clock);
    call(machine, "success");
    call(machine, "success");
    expect(machine.state).toBe("half_open");
    call(machine, "success");
    expect(machine.state).toBe("closed");
  });

  it("opens at the first of several probes that fails: more results could not close it", () => {
    const { machine, clock } = machineOf({ halfOpenPermits: 3 });
    untilProbe(machine, clock);
    const probes = [admitted(machine), admitted(machine)];
    machine.settle(probes[0]!, "failure");
    expect(machine.state).toBe("open");
    machine.settle(probes[1]!, "success");
    expect([machine.state, machine.lateResults]).toEqual(["open", 1]);
  });

  it("takes a slow probe for a bad one where the rule trips on slow calls", () => {
    const { machine, clock } = machineOf({
      trip: countWindow({ slowRate: 0.5, slowCallMs: 100, minimumCalls: 1 }),
    });
    untilProbe(machine, clock);
    const probe = admitted(machine);
    clock.advance(100);
    machine.settle(probe, "success");
    expect(machine.state).toBe("open");
  });

  it("measures durations for a rule that asks for them", () => {
    const { machine, clock } = machineOf({
      trip: countWindow({ slowRate: 1, slowCallMs: 100, minimumCalls: 1 }),
    });
    const fast = admitted(machine);
    clock.advance(99);
    machine.settle(fast, "success");
    expect(machine.state).toBe("closed");
    const slow = countWindow({ slowRate: 1, slowCallMs: 100, minimumCalls: 1 });
    const other = machineOf({ trip: slow });
    const permit = admitted(other.machine);
    other.clock.advance(100);
    other.machine.settle(permit, "success");
    expect(other.machine.state).toBe("open");
  });

  it.each(["reset", "disable", "forceOpen"] as const)("reads no clock for calls after %s", (act) => {
    let reads = 0;
    const clock = { now: () => 0, monotonic: () => ++reads };
    const { machine } = machineOf({ trip: consecutiveFailures(5), clock });
    machine[act]();
    reads = 0;
    for (let n = 0; n < 4; n += 1) {
      const permit = machine.acquire();
      if (permit !== undefined) machine.settle(permit, "failure");
    }
    expect(reads).toBe(0);
  });

  it("says how long a refused caller waits at most for the verdict on a probe", () => {
    const { machine, clock } = machineOf({ probeLeaseMs: 5_000 });
    untilProbe(machine, clock);
    admitted(machine);
    clock.advance(2_000);
    expect(machine.retryAfterMs()).toBe(3_000);
  });
});
