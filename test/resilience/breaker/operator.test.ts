import { describe, expect, it } from "vitest";
import { consecutiveFailures } from "../../../src/resilience/breaker/trip/consecutive-failures.ts";
import { admitted, call, machineOf, untilProbe } from "./machine.ts";

describe("what an operator does by hand", () => {
  it("refuses every call while forced open, however long", () => {
    const { machine, clock } = machineOf();
    machine.forceOpen();
    clock.advance(86_400_000);
    expect([machine.state, machine.acquire(), machine.retryAfterMs()]).toEqual([
      "forced_open",
      undefined,
      undefined,
    ]);
  });

  it("lets every call pass while disabled, and counts nothing", () => {
    const { machine } = machineOf();
    machine.disable();
    for (let n = 0; n < 10; n += 1) call(machine, "failure");
    call(machine, "ignored");
    machine.recordFailure("by hand");
    expect([machine.state, machine.ignored, machine.lateResults, machine.lastFailure]).toEqual([
      "disabled",
      0,
      0,
      undefined,
    ]);
  });

  it("starts from nothing after a reset: counts, cause and back-off", () => {
    const { machine } = machineOf({ trip: consecutiveFailures(2) });
    call(machine, "failure");
    call(machine, "failure");
    machine.reset();
    expect([machine.state, machine.lastFailure]).toEqual(["closed", undefined]);
    call(machine, "failure");
    expect(machine.state).toBe("closed");
    call(machine, "failure");
    expect(machine.retryAfterMs()).toBe(1_000);
  });

  it.each(["forceOpen", "disable", "reset"] as const)("no longer counts calls from before %s", (act) => {
    const { machine } = machineOf();
    const before = admitted(machine);
    machine[act]();
    const { state } = machine;
    machine.settle(before, "failure");
    expect([machine.state, machine.lateResults]).toEqual([state, 1]);
  });

  it("reports a change once, and none where there was none", () => {
    const seen: string[] = [];
    const { machine } = machineOf({ onTransition: ({ reason }) => seen.push(reason) });
    machine.reset();
    machine.forceOpen();
    machine.forceOpen();
    machine.disable();
    machine.disable();
    machine.reset();
    expect(seen).toEqual(["forced_open", "disabled", "reset"]);
  });
});

describe("results without a permit", () => {
  it("open it, and close it once the open time is over", () => {
    const { machine, clock } = machineOf({ trip: consecutiveFailures(2) });
    const cause = new Error("503");
    machine.recordFailure();
    machine.recordFailure(cause);
    expect([machine.isAvailable(), machine.lastFailure]).toEqual([false, cause]);
    clock.advance(1_000);
    expect(machine.isAvailable()).toBe(true);
    machine.recordSuccess();
    expect(machine.state).toBe("closed");
  });

  it("move nothing while it is open, and count as late", () => {
    const { machine } = machineOf();
    machine.recordFailure();
    machine.recordSuccess();
    expect([machine.state, machine.lateResults, machine.rejections]).toEqual(["open", 1, 0]);
  });

  it("move nothing while every probe is out", () => {
    const { machine, clock } = machineOf();
    untilProbe(machine, clock);
    admitted(machine);
    machine.recordSuccess();
    expect([machine.state, machine.lateResults]).toEqual(["half_open", 1]);
  });
});
