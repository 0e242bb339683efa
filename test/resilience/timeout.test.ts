import { describe, expect, it } from "vitest";
import { timeout } from "../../src/resilience/timeout.ts";
import { ManualTimers } from "../pipeline/durable-span-exporter/support.ts";

const never = (): Promise<never> => new Promise(() => {});

describe("timeout", () => {
  it("leaves a call that settles in time as it is", async () => {
    expect(await timeout(100).execute(async () => "answer")).toBe("answer");
  });

  it("rejects a call that does not, with its time", async () => {
    const timers = new ManualTimers();
    const call = timeout(100, timers).execute(never);
    const rejected = expect(call).rejects.toMatchObject({ code: "timeout", timeoutMs: 100 });
    await timers.advance(100);
    await rejected;
  });

  it("aborts the signal of a call that took too long, with the same error", async () => {
    const timers = new ManualTimers();
    let given: AbortSignal | undefined;
    const call = timeout(100, timers).execute((signal) => {
      given = signal;
      return never();
    });
    const error = call.catch((error: unknown) => error);
    await timers.advance(100);
    expect(given?.reason).toBe(await error);
  });

  it("rejects at once with the caller's reason when the caller aborts", async () => {
    const caller = new AbortController();
    const call = timeout(100, new ManualTimers()).execute(never, caller.signal);
    caller.abort("enough");
    await expect(call).rejects.toBe("enough");
  });

  it("does not begin a call whose caller has given up", async () => {
    let begun = false;
    const call = timeout(100).execute(() => {
      begun = true;
    }, AbortSignal.abort("enough"));
    await expect(call).rejects.toBe("enough");
    expect(begun).toBe(false);
  });

  it("takes its timer back when the call settles", async () => {
    const timers = new ManualTimers();
    await timeout(100, timers).execute(() => {});
    expect(timers.next).toBeUndefined();
  });

  it("swallows what a call throws after its time", async () => {
    const timers = new ManualTimers();
    const late = Promise.withResolvers<never>();
    const call = timeout(100, timers).execute(() => late.promise);
    const rejected = expect(call).rejects.toMatchObject({ code: "timeout" });
    await timers.advance(100);
    await rejected;
    late.reject(new Error("late"));
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])(
    "refuses %s ms, by name and value",
    (ms) => {
      expect(() => timeout(ms)).toThrow(`timeout: ms must be a whole number from 1 to 2147483647, got ${ms}`);
    },
  );
});
