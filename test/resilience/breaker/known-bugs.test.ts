import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BreakerMachine } from "../../../src/resilience/breaker/breaker-machine.ts";
import { consecutiveFailures } from "../../../src/resilience/breaker/trip/consecutive-failures.ts";
import { timeWindow } from "../../../src/resilience/breaker/trip/time-window.ts";
import { admitted, call, machineOf, untilProbe } from "./machine.ts";

// What well-known breakers do wrong, each as a promise of this one.

/** A caller like any other: asks after a turn of the event loop, and holds its permit. */
async function caller(machine: BreakerMachine): Promise<boolean> {
  await Promise.resolve();
  return machine.acquire() !== undefined;
}

describe("half open", () => {
  it.each([1, 3, 10])(
    "admits exactly %d of 1,000 concurrent callers and refuses the rest at once",
    async (permits) => {
      const { machine, clock } = machineOf({ halfOpenPermits: permits });
      untilProbe(machine, clock);
      const admissions = await Promise.all(Array.from({ length: 1_000 }, () => caller(machine)));
      expect(admissions.filter(Boolean)).toHaveLength(permits);
      expect(machine.rejections).toBe(1_000 - permits);
    },
  );

  it("is not closed by the success of a call that started while closed", () => {
    const { machine, clock } = machineOf();
    const old = admitted(machine);
    untilProbe(machine, clock);
    const probe = admitted(machine);
    machine.settle(old, "success");
    expect([machine.state, machine.lateResults]).toEqual(["half_open", 1]);
    machine.settle(probe, "failure");
    expect(machine.state).toBe("open");
  });

  it("is not opened by the failure of a call that started while closed", () => {
    const { machine, clock } = machineOf();
    const old = admitted(machine);
    untilProbe(machine, clock);
    const probe = admitted(machine);
    machine.settle(old, "failure");
    expect([machine.state, machine.lateResults]).toEqual(["half_open", 1]);
    machine.settle(probe, "success");
    expect(machine.state).toBe("closed");
  });

  it("gives the place of a cancelled probe to the next caller and counts nothing", () => {
    const { machine, clock } = machineOf();
    untilProbe(machine, clock);
    call(machine, "ignored");
    expect([machine.state, machine.ignored]).toEqual(["half_open", 1]);
    call(machine, "success");
    expect(machine.state).toBe("closed");
  });
});

describe("a probe that hangs", () => {
  it("is given up when its lease is over, and a healthy service is found again", () => {
    const { machine, clock } = machineOf({ probeLeaseMs: 5_000 });
    untilProbe(machine, clock);
    const hung = admitted(machine);
    clock.advance(10_000);
    call(machine, "success");
    expect(machine.state).toBe("closed");
    machine.settle(hung, "failure");
    expect([machine.state, machine.lateResults]).toEqual(["closed", 1]);
  });

  it("counts as failed when its lease ends, whenever that is noticed", () => {
    const { machine, clock } = machineOf({ probeLeaseMs: 5_000 });
    untilProbe(machine, clock);
    admitted(machine);
    clock.advance(4_999);
    expect(machine.state).toBe("half_open");
    clock.advance(1);
    expect([machine.state, machine.retryAfterMs()]).toEqual(["open", 2_000]);
    clock.advance(500);
    expect(machine.acquire()).toBeUndefined();
    expect([machine.state, machine.retryAfterMs()]).toEqual(["open", 1_500]);
  });

  it("cannot close it after its lease, not even when nobody asked in between", () => {
    const { machine, clock } = machineOf({ probeLeaseMs: 5_000 });
    untilProbe(machine, clock);
    const hung = admitted(machine);
    clock.advance(5_000);
    machine.settle(hung, "success");
    expect([machine.state, machine.lateResults]).toEqual(["open", 1]);
  });

  it("leaves its own failure as the cause where its timeout ends with the lease", () => {
    const { machine, clock } = machineOf({ callTimeoutMs: 5_000 });
    untilProbe(machine, clock);
    const probe = admitted(machine);
    clock.advance(5_003);
    machine.settle(probe, "slow_failure", "timed out");
    expect([machine.lastFailure, machine.lateResults]).toEqual(["timed out", 1]);
    expect(machine.retryAfterMs()).toBe(2_000 - 3);
  });
});

describe("calls that say nothing about the dependency", () => {
  it("do not open it: own refusals and callers who cancel are ignored", () => {
    const { machine } = machineOf({ trip: consecutiveFailures(2) });
    call(machine, "failure");
    for (let n = 0; n < 100; n += 1) call(machine, "ignored");
    expect([machine.state, machine.ignored]).toEqual(["closed", 100]);
    call(machine, "failure");
    expect(machine.state).toBe("open");
  });

  it("one call that times out leaves the ten in flight to their own results", () => {
    const { machine } = machineOf({ trip: consecutiveFailures(2) });
    const healthy = Array.from({ length: 10 }, () => admitted(machine));
    call(machine, "slow_failure");
    for (const permit of healthy) machine.settle(permit, "success");
    call(machine, "failure");
    expect([machine.state, machine.lateResults]).toEqual(["closed", 0]);
  });
});

it("does not open for four failures, five idle minutes and one more failure", () => {
  const { machine, clock } = machineOf({ trip: timeWindow({ windowMs: 5_000, minimumCalls: 5 }) });
  for (let n = 0; n < 4; n += 1) call(machine, "failure");
  clock.advance(300_000);
  call(machine, "failure");
  expect(machine.state).toBe("closed");
});

describe("a listener", () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): number => unhandled.push(reason);
  beforeEach(() => {
    unhandled.length = 0;
    process.on("unhandledRejection", note);
  });
  afterEach(() => {
    process.off("unhandledRejection", note);
  });

  it("that throws neither reaches the caller nor moves the breaker", () => {
    const { machine, clock } = machineOf({
      onTransition: () => {
        throw new Error("listener");
      },
    });
    untilProbe(machine, clock);
    call(machine, "success");
    expect(machine.state).toBe("closed");
  });

  it("that rejects leaves no unhandled rejection", async () => {
    const { machine } = machineOf({ onTransition: () => Promise.reject(new Error("listener")) });
    call(machine, "failure");
    await new Promise((done) => setImmediate(done));
    expect(unhandled).toEqual([]);
  });

  it("sees the state after the change, and may change it again", () => {
    const seen: string[] = [];
    const { machine, clock } = machineOf({
      onTransition: ({ to }) => {
        seen.push(`${to}:${machine.state}`);
        if (to === "half_open") machine.reset();
      },
    });
    untilProbe(machine, clock);
    call(machine, "success");
    expect(seen).toEqual(["open:open", "half_open:half_open", "closed:closed"]);
    expect([machine.state, machine.rejections, machine.lateResults]).toEqual(["closed", 0, 0]);
  });
});
