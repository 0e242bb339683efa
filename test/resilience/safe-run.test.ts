import { trace } from "@opentelemetry/api";
import { describe, expect, expectTypeOf, it, onTestFinished } from "vitest";
import { safeRun, WORKER_UNAVAILABLE } from "../../src/resilience/safe-run.ts";
import { metricSources } from "../../src/telemetry/metric-sources.ts";
import { SpanRecorder } from "../../src/testing/index.ts";
import { ManualTimers, settled } from "../pipeline/durable-span-exporter/support.ts";

const boom = new Error("boom");
const fails = async (): Promise<string> => {
  throw boom;
};
const never = (): Promise<never> => new Promise(() => {});

/** Calls of `safeRun` by outcome, in this process. */
function counted(outcome: string): number {
  const family = metricSources.collect().find(({ name }) => name === "agents.fallbacks");
  if (family?.kind !== "counter") return 0;
  return family.points
    .filter(({ attributes }) => attributes["agents.fallback.kind"] === "safe_run")
    .filter(({ attributes }) => attributes["agents.fallback.outcome"] === outcome)
    .reduce((sum, { value }) => sum + value, 0);
}

describe("safeRun", () => {
  it("returns what the function returns", async () => {
    expect(await safeRun(async () => "answer")).toBe("answer");
  });

  it("returns a text for the supervisor where the worker fails", async () => {
    expect(await safeRun(fails)).toBe("Worker unavailable.");
    expect(WORKER_UNAVAILABLE).toBe("Worker unavailable.");
  });

  it("returns the fallback where the function takes too long, and aborts its signal", async () => {
    const timers = new ManualTimers();
    let given: AbortSignal | undefined;
    const hangs = (signal: AbortSignal): Promise<string> => {
      given = signal;
      return never();
    };
    const answer = safeRun(hangs, { timeoutMs: 100, fallback: "late", after: timers.after });
    await timers.advance(100);
    expect(await answer).toBe("late");
    expect(given?.aborted).toBe(true);
  });

  it("gives a function 30 s where it is told nothing else", async () => {
    const timers = new ManualTimers();
    const answer = safeRun(never, { after: timers.after });
    await settled();
    expect(timers.next).toBe(30_000);
    await timers.advance(30_000);
    await answer;
  });

  it("makes the fallback of the error", async () => {
    expect(await safeRun(fails, { fallback: async (error) => ({ error }) })).toEqual({ error: boom });
  });

  it.each([undefined, null, 0, ""])("returns %s where that is the fallback", async (fallback) => {
    expect(await safeRun(fails, { fallback })).toBe(fallback);
  });

  it("returns the fallback where the function throws at once", async () => {
    const throws = (): string => {
      throw boom;
    };
    expect(await safeRun(throws, { fallback: "instead" })).toBe("instead");
  });

  it("rejects with the caller's reason when the caller aborts", async () => {
    const caller = new AbortController();
    const answer = safeRun(never, { signal: caller.signal });
    caller.abort("enough");
    await expect(answer).rejects.toBe("enough");
  });

  it("rejects with the caller's reason when the caller aborts while the fallback is made", async () => {
    const caller = new AbortController();
    const answer = safeRun(fails, { signal: caller.signal, fallback: never });
    await settled();
    caller.abort("enough");
    await expect(answer).rejects.toBe("enough");
  });

  it("rejects with both errors where the fallback fails as well", async () => {
    const worse = new Error("worse");
    const fallback = (): never => {
      throw worse;
    };
    await expect(safeRun(fails, { fallback })).rejects.toMatchObject({
      code: "fallback_failed",
      errors: [boom, worse],
    });
  });

  it("swallows what the function throws after its time", async () => {
    const timers = new ManualTimers();
    const late = Promise.withResolvers<never>();
    const answer = safeRun(() => late.promise, { timeoutMs: 100, after: timers.after });
    await timers.advance(100);
    await answer;
    late.reject(boom);
    await settled();
  });

  it("counts each fallback, and no success", async () => {
    const [answered, failed] = [counted("answered"), counted("failed")];
    await safeRun(async () => "answer");
    await safeRun(fails);
    await safeRun(fails);
    await safeRun(fails, { fallback: () => Promise.reject(boom) }).catch(() => {});
    expect([counted("answered") - answered, counted("failed") - failed]).toEqual([2, 1]);
  });

  it("counts nothing for a caller who gave up", async () => {
    const failed = counted("failed");
    const caller = new AbortController();
    const answer = safeRun(never, { signal: caller.signal });
    caller.abort("enough");
    await answer.catch(() => {});
    expect(counted("failed")).toBe(failed);
  });

  it("says the error on the active span", async () => {
    const recorder = new SpanRecorder();
    onTestFinished(() => recorder.stop());
    await trace.getTracer("test").startActiveSpan("supervisor", async (span) => {
      await safeRun(fails);
      span.end();
    });
    expect(recorder.spans[0]?.events).toMatchObject([
      {
        name: "exception",
        attributes: {
          "exception.message": "boom",
          "agents.fallback.kind": "safe_run",
          "agents.fallback.outcome": "answered",
        },
      },
    ]);
  });

  it("keeps the type of the answer, and adds that of the fallback", () => {
    const works = async (): Promise<number> => 1;
    expectTypeOf(safeRun(works)).resolves.toEqualTypeOf<number | "Worker unavailable.">();
    expectTypeOf(safeRun(works, { fallback: null })).resolves.toEqualTypeOf<number | null>();
    const told = safeRun(works, { fallback: async (error) => ({ error }) });
    expectTypeOf(told).resolves.toEqualTypeOf<number | { error: unknown }>();
  });

  it.each([0, -1, 1.5, Number.NaN])("refuses a timeoutMs of %s, by name and value", async (timeoutMs) => {
    await expect(safeRun(fails, { timeoutMs })).rejects.toThrow(
      `safeRun: timeoutMs must be a whole number from 1 to 2147483647, got ${timeoutMs}`,
    );
  });

  it("refuses what is no function", async () => {
    await expect(safeRun("task" as never)).rejects.toThrow("safeRun: fn must be a function, got task");
  });
});
