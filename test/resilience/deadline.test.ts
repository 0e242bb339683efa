import { describe, expect, it } from "vitest";
import { deadlineOf } from "../../src/internal/deadline.ts";
import { deadline } from "../../src/resilience/deadline.ts";
import { timeout } from "../../src/resilience/timeout.ts";
import { ManualClock } from "../../src/testing/index.ts";
import { ManualTimers } from "../pipeline/durable-span-exporter/support.ts";

function setUp() {
  const clock = new ManualClock();
  const timers = new ManualTimers();
  return { clock, timers, options: { clock, after: timers.after } };
}

describe("a deadline", () => {
  it("aborts its signal when the time is over, with a timeout", async () => {
    const { timers, options } = setUp();
    const signal = deadline(100, options);
    await timers.advance(99);
    expect(signal.aborted).toBe(false);
    await timers.advance(1);
    expect(signal.reason).toMatchObject({ code: "timeout", timeoutMs: 100 });
  });

  it("is known before it comes", () => {
    const { clock, options } = setUp();
    clock.advance(50);
    expect(deadlineOf(deadline(100, options))).toBe(150);
  });

  it("does not hold the process", () => {
    const holds: boolean[] = [];
    deadline(100, {
      after: (_ms, _run, held) => {
        holds.push(held);
        return () => {};
      },
    });
    expect(holds).toEqual([false]);
  });

  it("ends a call under it, on Node's own timers", async () => {
    const call = timeout(30_000).execute(() => new Promise(() => {}), deadline(5));
    await expect(call).rejects.toMatchObject({ code: "timeout", timeoutMs: 5 });
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 31])("refuses %s ms, by name and value", (ms) => {
    expect(() => deadline(ms)).toThrow(`deadline: ms must be a whole number from 1 to 2147483647, got ${ms}`);
  });
});
