import { describe, expect, it } from "vitest";
import { deadlineOf, eitherSignal, isOver, setDeadline } from "../../src/internal/deadline.ts";
import { ManualClock } from "../../src/testing/index.ts";

describe("the deadline of a signal", () => {
  it("is what was set", () => {
    const { signal } = new AbortController();
    setDeadline(signal, 1_234);
    expect(deadlineOf(signal)).toBe(1_234);
  });

  it("is unknown where nobody has said", () => {
    expect([deadlineOf(new AbortController().signal), deadlineOf(undefined)]).toEqual([undefined, undefined]);
  });
});

describe("a caller's time", () => {
  it("is over when its signal is aborted", () => {
    expect(isOver(AbortSignal.abort(), new ManualClock())).toBe(true);
  });

  it("is over at its deadline, also where its signal has not been aborted yet", () => {
    const clock = new ManualClock();
    const { signal } = new AbortController();
    setDeadline(signal, 100);
    clock.advance(99);
    expect(isOver(signal, clock)).toBe(false);
    clock.advance(1);
    expect(isOver(signal, clock)).toBe(true);
  });

  it("is never over without a signal", () => {
    expect(isOver(undefined)).toBe(false);
  });
});

describe("a signal of two", () => {
  it("has the earlier deadline of both", () => {
    const signals = [2_000, 1_000].map((atMs) => {
      const { signal } = new AbortController();
      setDeadline(signal, atMs);
      return signal;
    });
    expect(deadlineOf(eitherSignal(signals[0]!, signals[1]))).toBe(1_000);
    expect(deadlineOf(eitherSignal(signals[1]!, new AbortController().signal))).toBe(1_000);
  });

  it("is aborted with the first, and its reason", () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const both = eitherSignal(one.signal, other.signal);
    other.abort("enough");
    expect([both.aborted, both.reason]).toEqual([true, "enough"]);
  });
});
