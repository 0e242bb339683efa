import { describe, expect, it } from "vitest";
import { ManualClock } from "../../src/testing/manual-clock.ts";

describe("ManualClock", () => {
  it("stands still until it is moved, then moves both clocks", () => {
    const clock = new ManualClock(5_000);
    expect([clock.now(), clock.monotonic()]).toEqual([5_000, 0]);
    clock.advance(250);
    expect([clock.now(), clock.monotonic()]).toEqual([5_250, 250]);
  });

  it("sets the wall clock back without touching the monotonic one", () => {
    const clock = new ManualClock(5_000);
    clock.advance(10);
    clock.setWallClock(1);
    expect([clock.now(), clock.monotonic()]).toEqual([1, 10]);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("refuses to advance by %d", (ms) => {
    expect(() => new ManualClock().advance(ms)).toThrow(RangeError);
  });
});
