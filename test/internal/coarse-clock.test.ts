import { describe, expect, it } from "vitest";
import { CoarseClock } from "../../src/internal/coarse-clock.ts";
import { ManualClock } from "../../src/testing/index.ts";
import { ManualTimers } from "../pipeline/durable-span-exporter/support.ts";

function setUp() {
  const clock = new ManualClock();
  const timers = new ManualTimers();
  return { clock, timers, coarse: new CoarseClock(clock, timers.after) };
}

function ask(coarse: CoarseClock, times: number): void {
  for (let i = 0; i < times; i++) coarse.nowMs;
}

describe("a coarse clock", () => {
  it("is exact, and sets no timer, while it is not asked often", () => {
    const { clock, timers, coarse } = setUp();
    for (let i = 0; i < 100; i++) {
      expect(coarse.nowMs).toBe(i);
      clock.advance(1);
    }
    expect(timers.next).toBeUndefined();
  });

  it("rounds up, so that nothing counted from it ends early", () => {
    const { clock, coarse } = setUp();
    clock.advance(0.25);
    expect(coarse.nowMs).toBe(1);
  });

  it("answers from memory once it is asked all the time, for a millisecond", async () => {
    const { clock, timers, coarse } = setUp();
    ask(coarse, 100);
    expect(coarse.isBusy).toBe(true);
    clock.advance(5);
    expect(coarse.nowMs).toBe(0);
    await timers.advance(1);
    expect(coarse.isBusy).toBe(false);
    expect(coarse.nowMs).toBe(5);
  });
});
