import { describe, expect, it } from "vitest";
import { CircuitOpenError } from "../../src/errors/circuit-open-error.ts";
import { deadline } from "../../src/resilience/deadline.ts";
import { retry } from "../../src/resilience/retry.ts";
import { timeout } from "../../src/resilience/timeout.ts";
import { wrap } from "../../src/resilience/wrap.ts";
import { ManualClock } from "../../src/testing/index.ts";
import { ManualTimers, settled } from "../pipeline/durable-span-exporter/support.ts";

/** Fails so many times, then answers with the number of calls. */
function failing(times: number, error: unknown = new Error("boom")): () => number {
  let calls = 0;
  return () => {
    calls++;
    if (calls <= times) throw error;
    return calls;
  };
}

const atOnce = { backoff: () => 0 };

describe("retry", () => {
  it("calls again what failed", async () => {
    expect(await retry(atOnce).execute(failing(2))).toBe(3);
  });

  it("gives up after its attempts, with the last error", async () => {
    const error = new Error("boom");
    await expect(retry({ ...atOnce, attempts: 2 }).execute(failing(2, error))).rejects.toBe(error);
  });

  it("does not call again where that cannot help", async () => {
    const policy = retry({ ...atOnce, retryIf: (error) => error !== "fatal" });
    await expect(policy.execute(failing(1, "fatal"))).rejects.toBe("fatal");
  });

  it.each(["retryIf", "backoff"])("keeps the error of the call where %s throws", async (option) => {
    const error = new Error("boom");
    const broken = (): never => {
      throw new TypeError("no code");
    };
    await expect(retry({ ...atOnce, [option]: broken }).execute(failing(1, error))).rejects.toBe(error);
  });

  it("does not ask an open breaker again", async () => {
    const refusal = new CircuitOpenError("writer", 1_000);
    await expect(retry(atOnce).execute(failing(1, refusal))).rejects.toBe(refusal);
  });

  it("waits as long as backoff says", async () => {
    const timers = new ManualTimers();
    const call = retry({ backoff: (attempt) => attempt * 100, after: timers.after }).execute(failing(1));
    await settled();
    expect(timers.next).toBe(200);
    await timers.advance(200);
    expect(await call).toBe(2);
  });

  it("ends its wait with the caller's reason when the caller aborts", async () => {
    const caller = new AbortController();
    const call = retry({ backoff: () => 1_000, after: new ManualTimers().after }).execute(
      failing(1),
      caller.signal,
    );
    await settled();
    caller.abort("enough");
    await expect(call).rejects.toBe("enough");
  });

  it("does not call again when the caller has given up", async () => {
    const caller = new AbortController();
    let calls = 0;
    const call = retry(atOnce).execute(() => {
      calls++;
      caller.abort("enough");
      throw new Error("boom");
    }, caller.signal);
    await expect(call).rejects.toThrow("boom");
    expect(calls).toBe(1);
  });

  it("does not begin a pause that the caller's deadline leaves no time for, and throws the last error at once", async () => {
    const clock = new ManualClock();
    const timers = new ManualTimers();
    const options = { clock, after: timers.after };
    const error = new Error("boom");
    const policy = retry({ ...options, backoff: () => 200 });
    await expect(policy.execute(failing(1, error), deadline(200, options))).rejects.toBe(error);
  });

  it("begins one that ends before it", async () => {
    const clock = new ManualClock();
    const timers = new ManualTimers();
    const options = { clock, after: timers.after };
    const call = retry({ ...options, backoff: () => 199 }).execute(failing(1), deadline(200, options));
    await settled();
    await timers.advance(199);
    expect(await call).toBe(2);
  });

  it("knows the deadline of a timeout around it", async () => {
    const error = new Error("boom");
    const policy = wrap(timeout(60_000), retry({ backoff: () => 120_000 }));
    await expect(policy.execute(failing(1, error))).rejects.toBe(error);
  });

  it.each([0, -1, 1.5, Number.NaN])("refuses %s attempts, by name and value", (attempts) => {
    expect(() => retry({ attempts })).toThrow(`retry: attempts must be a whole number >= 1, got ${attempts}`);
  });

  it("refuses a backoff that is no function", () => {
    expect(() => retry({ backoff: 5 as never })).toThrow("retry: backoff must be a function, got 5");
  });
});
