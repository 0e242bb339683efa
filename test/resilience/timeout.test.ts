import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, it, vi } from "vitest";
import { deadlineOf } from "../../src/internal/deadline.ts";
import { deadline } from "../../src/resilience/deadline.ts";
import { timeout } from "../../src/resilience/timeout.ts";
import { ManualClock } from "../../src/testing/index.ts";
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

  it("rejects with what the call throws, also before its first await", async () => {
    const boom = new Error("boom");
    const thrown = timeout(100).execute(() => {
      throw boom;
    });
    await expect(thrown).rejects.toBe(boom);
  });

  it("leaves the signal of a call that failed by itself alone", async () => {
    let given: AbortSignal | undefined;
    const call = timeout(100).execute(async (signal) => {
      given = signal;
      throw new Error("boom");
    });
    await call.catch(() => {});
    expect(given?.aborted).toBe(false);
  });

  it("no longer listens to its caller when the call has settled", async () => {
    const caller = new AbortController();
    const removed = vi.spyOn(caller.signal, "removeEventListener");
    await timeout(100).execute(() => {}, caller.signal);
    expect(removed).toHaveBeenCalledOnce();
  });

  it("aborts in the async context of the call, though calls share a timer", async () => {
    const storage = new AsyncLocalStorage<string>();
    const policy = timeout(5);
    const seen: unknown[] = [];
    const hang = (signal: AbortSignal): Promise<never> => {
      signal.addEventListener("abort", () => seen.push(storage.getStore()));
      return never();
    };
    const calls = ["one", "other"].map((name) => storage.run(name, () => policy.execute(hang)));
    await Promise.allSettled(calls);
    expect(seen).toEqual(["one", "other"]);
  });

  it("times out on Node's own timers, each call at its own time", async () => {
    const policy = timeout(20);
    const beganMs = performance.now();
    await expect(policy.execute(never)).rejects.toMatchObject({ code: "timeout" });
    expect(performance.now() - beganMs).toBeGreaterThanOrEqual(19);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])(
    "refuses %s ms, by name and value",
    (ms) => {
      expect(() => timeout(ms)).toThrow(`timeout: ms must be a whole number from 1 to 2147483647, got ${ms}`);
    },
  );
});

describe("a timeout under a deadline of the caller", () => {
  function setUp() {
    const clock = new ManualClock();
    const timers = new ManualTimers();
    return { clock, timers, options: { clock, after: timers.after } };
  }

  async function deadlineGiven(ms: number, callers: AbortSignal | undefined, options: object) {
    let given: number | undefined;
    await timeout(ms, options).execute((signal) => {
      given = deadlineOf(signal);
    }, callers);
    return given;
  }

  it("hands on its own deadline where the caller has none", async () => {
    const { clock, options } = setUp();
    clock.advance(50);
    expect(await deadlineGiven(100, undefined, options)).toBe(150);
  });

  it.each([
    ["its own", 100, 100],
    ["the caller's", 500, 300],
  ])("hands on the nearer one: %s", async (_, ms, atMs) => {
    const { options } = setUp();
    expect(await deadlineGiven(ms, deadline(300, options), options)).toBe(atMs);
  });

  it("does not begin a call whose caller's deadline has passed, also where the signal is not aborted yet", async () => {
    const { clock, options } = setUp();
    const callers = deadline(100, options);
    clock.advance(100);
    let begun = false;
    const call = timeout(30_000, options).execute(() => {
      begun = true;
    }, callers);
    await expect(call).rejects.toMatchObject({ code: "timeout", timeoutMs: 0 });
    expect([begun, callers.aborted]).toEqual([false, false]);
  });
});
