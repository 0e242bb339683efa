import { describe, expect, it } from "vitest";
import { degradedFallback } from "../../../src/resilience/fallback/degraded-fallback.ts";
import { wrap } from "../../../src/resilience/wrap.ts";
import { ManualTimers } from "../../pipeline/durable-span-exporter/support.ts";
import { ask, boom, never } from "./support.ts";

describe("a degraded fallback", () => {
  it("answers with what the backup says to the same input", async () => {
    const research = wrap()
      .onFailure(degradedFallback(async (question: string) => `briefly: ${question}`))
      .around(async (_question: string): Promise<string> => {
        throw boom;
      });
    expect(await research("storms")).toBe("briefly: storms");
  });

  it("says how far to trust it", async () => {
    const fallback = degradedFallback(() => "brief", { confidence: 0.6 });
    expect(await ask(fallback)).toEqual({ value: "brief", confidence: 0.6 });
  });

  it("says nothing of trust where it was not told", async () => {
    expect(await ask(degradedFallback(() => "brief"))).toEqual({ value: "brief" });
  });

  it("gives the backup the caller's signal last, where the caller gave one", async () => {
    const { signal } = new AbortController();
    const got = async (args: readonly unknown[]) =>
      (
        await ask(
          degradedFallback((...all: unknown[]) => all),
          { args, signal },
        )
      )?.value;
    expect(await got(["storms", 3])).toEqual(["storms", 3, signal]);
  });

  it("gives the backup no signal in the place of another argument, where the caller gave none", async () => {
    expect((await ask(degradedFallback((...all: unknown[]) => all)))?.value).toEqual(["question"]);
  });

  it("gives the backup the signal alone where nobody knows the input", async () => {
    const { signal } = new AbortController();
    const fallback = degradedFallback((...all: unknown[]) => all);
    expect((await ask(fallback, { args: undefined, signal }))?.value).toEqual([signal]);
  });

  it("fails with the backup's error", async () => {
    const worse = new Error("worse");
    const fallback = degradedFallback(() => {
      throw worse;
    });
    await expect(ask(fallback)).rejects.toBe(worse);
  });

  it("gives up a backup that takes longer than it may, and aborts its signal", async () => {
    const timers = new ManualTimers();
    const caller = new AbortController();
    let given: AbortSignal | undefined;
    const backup = (_question: string, signal: AbortSignal) => {
      given = signal;
      return never();
    };
    const fallback = degradedFallback(backup, { timeoutMs: 100, after: timers.after });
    const answer = ask(fallback, { signal: caller.signal });
    const rejected = expect(answer).rejects.toMatchObject({ code: "timeout", timeoutMs: 100 });
    await timers.advance(100);
    await rejected;
    expect(given?.aborted).toBe(true);
  });

  it.each<[string, { timeoutMs?: number }]>([
    ["with a time limit", { timeoutMs: 100 }],
    ["without one", {}],
  ])("rejects with the caller's reason at once when the caller aborts, %s", async (_, options) => {
    const caller = new AbortController();
    const answer = ask(degradedFallback(never, options), { signal: caller.signal });
    caller.abort("enough");
    await expect(answer).rejects.toBe("enough");
  });

  it("does not ask the backup for a caller that has given up", async () => {
    let asked = false;
    const fallback = degradedFallback(() => {
      asked = true;
    });
    await expect(ask(fallback, { signal: AbortSignal.abort("enough") })).rejects.toBe("enough");
    expect(asked).toBe(false);
  });

  it("swallows what a backup throws after its caller has gone", async () => {
    const late = Promise.withResolvers<never>();
    const caller = new AbortController();
    const answer = ask(
      degradedFallback(() => late.promise),
      { signal: caller.signal },
    );
    caller.abort("enough");
    await expect(answer).rejects.toBe("enough");
    late.reject(boom);
    await new Promise((resolve) => setImmediate(resolve));
  });

  it.each([-0.1, 1.1, Number.NaN, "high"])("refuses a confidence of %s, by name and value", (confidence) => {
    expect(() => degradedFallback(() => "brief", { confidence: confidence as number })).toThrow(
      /^degradedFallback: confidence must be a number from 0 to 1, got /,
    );
  });

  it("refuses a timeoutMs of 0, by name and value", () => {
    expect(() => degradedFallback(() => "brief", { timeoutMs: 0 })).toThrow(
      "degradedFallback: timeoutMs must be a whole number from 1 to 2147483647, got 0",
    );
  });

  it("refuses a backup that is no function", () => {
    expect(() => degradedFallback("gpt" as never)).toThrow(
      "degradedFallback: backup must be a function, got gpt",
    );
  });
});
