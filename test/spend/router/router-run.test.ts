import { describe, expect, it } from "vitest";
import { setDeadline } from "../../../src/internal/deadline.ts";
import type { RouterDecision } from "../../../src/spend/model-router.ts";
import { MINI, NANO, SONNET, sourceRouter, TASK } from "./support/source-router.ts";

const EASY = { complexity: 1, inputTokens: 1_000, outputTokens: 500 } as const;

function answered(status: number): Error {
  return Object.assign(new Error(`answered with ${status}`), { status });
}

/** A provider whose models fail as told, and that notes who was called. */
function provider(failing: Readonly<Record<string, Error>> = {}) {
  const called: string[] = [];
  const call = async ({ model }: RouterDecision): Promise<string> => {
    called.push(model);
    if (failing[model] !== undefined) throw failing[model];
    return `answer of ${model}`;
  };
  return { called, call };
}

describe("a routed call", () => {
  it("gives what the picked model answered", async () => {
    const { call } = provider();
    expect(await sourceRouter().router.run(EASY, call)).toBe("answer of gpt-4.1-nano");
  });

  it("costs its estimate where nobody says more", async () => {
    const { router } = sourceRouter();
    await router.run(EASY, provider().call);
    expect(router.budgetReport()).toMatchObject({ spentUsd: 0.0003, pendingUsd: 0, totalCalls: 1 });
  });

  it("costs what its result says", async () => {
    const { router } = sourceRouter();
    await router.run(EASY, provider().call, { cost: () => ({ usage: { input: 1_000, output: 0 } }) });
    expect(router.budgetReport()).toMatchObject({ spentUsd: 0.0001, pendingUsd: 0 });
  });

  it("costs what was recorded inside it", async () => {
    const { router } = sourceRouter();
    await router.run(EASY, async (decision) => router.record(decision, { costUsd: 0.5 }));
    expect(router.budgetReport().spentUsd).toBe(0.5);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("no usage");
      },
    ],
    ["says what cannot be", () => ({ costUsd: Number.NaN })],
  ])("keeps its result when the reader of its cost %s", async (_, cost) => {
    const { router } = sourceRouter();
    expect(await router.run(EASY, provider().call, { cost })).toBe("answer of gpt-4.1-nano");
    expect(router.budgetReport().spentUsd).toBe(0.0003);
  });

  it("is made with the next model when one fails, and both are charged", async () => {
    const { router } = sourceRouter();
    const { call, called } = provider({ "gpt-4.1-nano": answered(500) });
    expect(await router.run(EASY, call)).toBe("answer of gpt-4.1-mini");
    expect(called).toEqual(["gpt-4.1-nano", "gpt-4.1-mini"]);
    // The input of the first, 1,000 × $0.1 per million, and all of the second.
    expect(router.budgetReport()).toMatchObject({ spentUsd: 0.0001 + 0.0012, pendingUsd: 0 });
  });

  it("rejects with the last error, the same object, when no model is left", async () => {
    const last = answered(500);
    const { call, called } = provider({ "gpt-4.1-nano": answered(500), "gpt-4.1-mini": last });
    await expect(sourceRouter({ models: [NANO, MINI] }).router.run(EASY, call)).rejects.toBe(last);
    expect(called).toHaveLength(2);
  });

  it("is attempted three times in all", async () => {
    const models = Array.from({ length: 6 }, (_, i) => ({
      ...NANO,
      name: `model-${i}`,
      tokensPerSecond: 300 - i,
    }));
    const { call, called } = provider(Object.fromEntries(models.map(({ name }) => [name, answered(503)])));
    await expect(sourceRouter({ models }).router.run(EASY, call)).rejects.toThrow("answered with 503");
    expect(called).toEqual(["model-0", "model-1", "model-2"]);
  });

  it.each([400, 413, 422])(
    "is not attempted again after %d, which any model would answer",
    async (status) => {
      const { call, called } = provider({ "gpt-4.1-nano": answered(status) });
      await expect(sourceRouter().router.run(EASY, call)).rejects.toMatchObject({ status });
      expect(called).toHaveLength(1);
    },
  );

  it("is not attempted again once the caller has given up", async () => {
    const controller = new AbortController();
    const gone = new DOMException("gone", "AbortError");
    let calls = 0;
    const run = sourceRouter().router.run(
      EASY,
      async () => {
        calls += 1;
        controller.abort(gone);
        throw new Error("socket closed");
      },
      { signal: controller.signal },
    );
    await expect(run).rejects.toThrow("socket closed");
    expect(calls).toBe(1);
  });

  it("is not made at all for a caller that has given up before", async () => {
    const { router } = sourceRouter();
    const gone = new Error("gone");
    const { call, called } = provider();
    await expect(router.run(EASY, call, { signal: AbortSignal.abort(gone) })).rejects.toBe(gone);
    expect(called).toEqual([]);
    expect(router.budgetReport().totalCalls).toBe(0);
  });

  it("is not attempted again with a model that would take longer than the caller waits", async () => {
    const { router, clock } = sourceRouter({ models: [NANO, MINI] });
    const { signal } = new AbortController();
    setDeadline(signal, clock.monotonic() + 3_000);
    const { called, call } = provider({ "gpt-4.1-nano": answered(500) });
    const run = router.run(
      EASY,
      async (decision) => {
        // MINI takes 2,500 ms for 500 tokens.
        clock.advance(501);
        return call(decision);
      },
      { signal },
    );
    await expect(run).rejects.toMatchObject({ status: 500 });
    expect(called).toEqual(["gpt-4.1-nano"]);
  });

  it("does not change its model in a loop of tool calls, also when it fails", async () => {
    const { router } = sourceRouter();
    const first = router.route({ ...EASY, complexity: 4 });
    const { call, called } = provider({ "claude-sonnet-4": answered(503) });
    await expect(router.run({ ...EASY, continues: first }, call)).rejects.toMatchObject({ status: 503 });
    expect(called).toEqual(["claude-sonnet-4"]);
  });

  it("does so where the caller allows it", async () => {
    const { router } = sourceRouter();
    const first = router.route({ ...EASY, complexity: 4 });
    const { call } = provider({ "claude-sonnet-4": answered(503) });
    const task = { ...EASY, continues: first, allowSwitch: true };
    expect(await router.run(task, call)).toBe("answer of gpt-4.1-nano");
  });
});

describe("retries", () => {
  it("are at most one for ten calls in the long run, and ten more, when a model always fails", async () => {
    const { router, breakers } = sourceRouter({ models: [NANO, MINI] });
    breakers.get("gpt-4.1-nano").disable();
    const { call, called } = provider({ "gpt-4.1-nano": answered(500) });
    for (let i = 0; i < 2_000; i++) await router.run(EASY, call).catch(() => {});
    const retries = called.length - 2_000;
    expect(retries).toBeLessThanOrEqual(210);
    expect(retries).toBeGreaterThan(200);
  });

  it("may be turned off", async () => {
    const { router } = sourceRouter({ retries: { attempts: 1 } });
    const { call, called } = provider({ "gpt-4.1-nano": answered(500) });
    await expect(router.run(EASY, call)).rejects.toThrow();
    expect(called).toHaveLength(1);
  });

  it.each([
    [{ attempts: 0 }, /retries.attempts must be .*, got 0/],
    [{ attempts: Number.NaN }, /retries.attempts must be .*, got NaN/],
    [{ ratio: -0.1 }, /retries.ratio must be .*, got -0.1/],
    [{ ratio: Number.NaN }, /retries.ratio must be .*, got NaN/],
  ])("are named when they cannot be: %o", (retries, message) => {
    expect(() => sourceRouter({ retries })).toThrow(message);
  });

  it("by hand leave out the models that have failed", () => {
    const { router } = sourceRouter({ models: [NANO, MINI, SONNET] });
    const first = router.route(TASK);
    const second = router.route({ ...TASK, except: [first] });
    expect(second.model).toBe("gpt-4.1-mini");
    expect(second.passedOver[0]).toMatchObject({ model: "gpt-4.1-nano", reasons: ["tried"] });
  });
});
