import { describe, expect, it } from "vitest";
import type { BreakerSnapshot } from "../../../src/resilience/breaker/breaker-snapshot.ts";
import { admitted, call, machineOf, untilProbe } from "./machine.ts";

/** What a store and a restart leave of a snapshot. */
function stored(snapshot: BreakerSnapshot): BreakerSnapshot {
  return JSON.parse(JSON.stringify(snapshot)) as BreakerSnapshot;
}

describe("a breaker after a restart", () => {
  it("stays open for the rest of the time, the time it was down included", () => {
    const before = machineOf();
    call(before.machine, "failure");
    before.clock.advance(200);
    const snapshot = stored(before.machine.snapshot());

    const { machine, clock } = machineOf();
    clock.advance(500);
    machine.restore(snapshot);
    expect([machine.state, machine.retryAfterMs()]).toEqual(["open", 500]);
  });

  it("goes on with the back-off", () => {
    const before = machineOf();
    call(before.machine, "failure");
    const { machine, clock } = machineOf();
    machine.restore(stored(before.machine.snapshot()));
    clock.advance(1_000);
    call(machine, "failure");
    expect(machine.retryAfterMs()).toBe(2_000);
  });

  it("is open with its time over where it was half open: the probes are gone", () => {
    const before = machineOf();
    untilProbe(before.machine, before.clock);
    admitted(before.machine);
    const snapshot = stored(before.machine.snapshot());
    const { machine, clock } = machineOf();
    clock.advance(1_000);
    machine.restore(snapshot);
    expect(snapshot.state).toBe("open");
    expect(machine.acquire()).toBeDefined();
    expect(machine.acquire()).toBeUndefined();
  });

  it.each(["forceOpen", "disable"] as const)("keeps what an operator did with %s", (act) => {
    const before = machineOf();
    before.machine[act]();
    const { machine } = machineOf();
    machine.restore(stored(before.machine.snapshot()));
    expect(machine.state).toBe(before.machine.state);
  });

  it("closes where the snapshot is closed", () => {
    const { machine } = machineOf();
    const snapshot = stored(machine.snapshot());
    call(machine, "failure");
    machine.restore(snapshot);
    expect(machine.state).toBe("closed");
  });

  it("is not open for longer than it would be by itself, whatever the wall clock did", () => {
    const { machine } = machineOf({ jitter: 0.2, maxRecoveryTimeoutMs: 5_000 });
    machine.restore({ state: "open", openUntilMs: 9e15, opens: 1 });
    expect(machine.retryAfterMs()).toBe(6_000);
  });

  it("no longer counts calls from before", () => {
    const { machine } = machineOf();
    const permit = admitted(machine);
    machine.restore({ state: "closed", openUntilMs: 0, opens: 0 });
    machine.settle(permit, "failure");
    expect([machine.state, machine.lateResults]).toEqual(["closed", 1]);
  });

  it.each([
    [
      { state: "ajar", openUntilMs: 0, opens: 0 },
      'state must be one of closed, open, forced_open, disabled, got "ajar"',
    ],
    [{ state: "open", openUntilMs: null, opens: 0 }, "openUntilMs must be a finite number, got null"],
    [{ state: "open", openUntilMs: 0, opens: -1 }, "opens must be a whole number >= 0, got -1"],
    [null, "got undefined"],
  ])("refuses %o and changes nothing", (snapshot, message) => {
    const { machine } = machineOf();
    call(machine, "failure");
    const restore = (): void => machine.restore(snapshot as BreakerSnapshot);
    expect(restore).toThrow(RangeError);
    expect(restore).toThrow(message);
    expect(machine.retryAfterMs()).toBe(1_000);
  });
});
