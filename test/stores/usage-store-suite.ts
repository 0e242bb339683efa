import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { noCalls, noRuns } from "../../src/stores/usage/sums.ts";
import type { CallRow, RunRow, UsageStore } from "../../src/stores/usage/usage-store.ts";

const DAYS = ["2026-11-19", "2026-11-20", "2026-11-21"] as const;
const ALL = { from: "2026-11-01", to: "2026-11-30" };

function callRow(changes: Partial<CallRow> = {}): CallRow {
  return {
    day: DAYS[0],
    agent: "writer",
    provider: "openai",
    model: "gpt",
    ...noCalls(),
    calls: 1,
    ...changes,
  };
}

function runRow(changes: Partial<RunRow> = {}): RunRow {
  return { day: DAYS[0], kind: "agent", name: "writer", caller: "boss", ...noRuns(), runs: 1, ...changes };
}

const batch = { calls: [], conversations: [], runs: [] };

/** What every store of usage does. @param open An empty one. */
export function usageStoreSuite(open: () => Promise<UsageStore>): void {
  it("knows nothing at first", async () => {
    const store = await open();
    expect(await store.calls("agent", ALL)).toEqual([]);
    expect(await store.runs("agent", "name", ALL)).toEqual([]);
    expect(await store.conversations(ALL, 10)).toEqual([]);
  });

  it("adds what comes later to what is there", async () => {
    const store = await open();
    const row = callRow({ inputTokens: 10, outputTokens: 5, costNanoUsd: 7, errors: 1, unpricedCalls: 1 });
    for (let i = 0; i < 2; i++) await store.add({ ...batch, calls: [row] });
    expect(await store.calls("agent", ALL)).toEqual([
      {
        key: "writer",
        ...noCalls(),
        calls: 2,
        inputTokens: 20,
        outputTokens: 10,
        costNanoUsd: 14,
        errors: 2,
        unpricedCalls: 2,
      },
    ]);
  });

  it("groups by agent, model and provider, the dearest first", async () => {
    const store = await open();
    const calls = [
      callRow({ costNanoUsd: 1 }),
      callRow({ agent: "boss", model: "claude", provider: "anthropic", costNanoUsd: 9 }),
      callRow({ model: "claude", provider: "anthropic", costNanoUsd: 2 }),
    ];
    await store.add({ ...batch, calls });
    const keys = async (by: "agent" | "model" | "provider") =>
      (await store.calls(by, ALL)).map(({ key, costNanoUsd }) => [key, costNanoUsd]);
    expect(await keys("agent")).toEqual([
      ["boss", 9],
      ["writer", 3],
    ]);
    expect(await keys("model")).toEqual([
      ["claude", 11],
      ["gpt", 1],
    ]);
    expect(await keys("provider")).toEqual([
      ["anthropic", 11],
      ["openai", 1],
    ]);
  });

  it("groups by day, the earliest first, and takes only the days that were asked for", async () => {
    const store = await open();
    await store.add({ ...batch, calls: [...DAYS].reverse().map((day) => callRow({ day })) });
    const days = await store.calls("day", { from: DAYS[0], to: DAYS[1] });
    expect(days.map(({ key }) => key)).toEqual([DAYS[0], DAYS[1]]);
  });

  it("keeps apart what is not known from what has that name", async () => {
    const store = await open();
    await store.add({ ...batch, calls: [callRow({ agent: "" }), callRow({ agent: "undefined" })] });
    expect((await store.calls("agent", ALL)).map(({ key }) => key).sort()).toEqual(["", "undefined"]);
  });

  it("gives the dearest conversations, and not more than asked for", async () => {
    const store = await open();
    const conversations = [1, 3, 2].map((cost) => ({
      day: DAYS[0],
      conversation: `c${cost}`,
      ...noCalls(),
      costNanoUsd: cost,
    }));
    await store.add({ ...batch, conversations });
    expect((await store.conversations(ALL, 2)).map(({ key }) => key)).toEqual(["c3", "c2"]);
  });

  it("adds up runs by name and by caller, agents and workflows apart", async () => {
    const store = await open();
    const runs = [
      runRow({ ownCostNanoUsd: 5, subtreeCostNanoUsd: 8 }),
      runRow({ caller: "", ownCostNanoUsd: 1, subtreeCostNanoUsd: 1 }),
      runRow({ kind: "workflow", subtreeCostNanoUsd: 9 }),
    ];
    await store.add({ ...batch, runs });
    expect(await store.runs("agent", "name", ALL)).toMatchObject([
      { key: "writer", runs: 2, ownCostNanoUsd: 6, subtreeCostNanoUsd: 9 },
    ]);
    expect((await store.runs("agent", "caller", ALL)).map(({ key }) => key)).toEqual(["boss", ""]);
    expect(await store.runs("workflow", "name", ALL)).toMatchObject([{ runs: 1, subtreeCostNanoUsd: 9 }]);
  });

  it("gives each combination of agent, provider and model", async () => {
    const store = await open();
    const calls = [callRow(), callRow({ model: "other" })];
    await store.add({ ...batch, calls });
    expect(await store.rows(ALL)).toEqual(expect.arrayContaining(calls));
  });

  it("forgets the days before one, and no other", async () => {
    const store = await open();
    await store.add({
      calls: DAYS.map((day) => callRow({ day })),
      conversations: DAYS.map((day) => ({ day, conversation: "c", ...noCalls(), calls: 1 })),
      runs: DAYS.map((day) => runRow({ day })),
    });
    await store.forget(DAYS[1]);
    expect((await store.calls("day", ALL)).map(({ key }) => key)).toEqual([DAYS[1], DAYS[2]]);
    expect((await store.conversations(ALL, 9))[0]?.calls).toBe(2);
    expect((await store.runs("agent", "name", ALL))[0]?.runs).toBe(2);
  });

  it("takes names as they are: quotes, emoji and what looks like SQL", async () => {
    const store = await open();
    const agent = `a'; DROP TABLE usage_calls; -- "x" ${randomUUID()} 😀`;
    await store.add({ ...batch, calls: [callRow({ agent })] });
    expect((await store.calls("agent", ALL))[0]?.key).toBe(agent);
  });

  it("has the same sums as adding up by hand, over random calls", async () => {
    const store = await open();
    const row = fc.record({
      day: fc.constantFrom(...DAYS),
      agent: fc.constantFrom("a", "b", "c"),
      model: fc.constantFrom("m", "n"),
      costNanoUsd: fc.integer({ min: 0, max: 10 ** 12 }),
      inputTokens: fc.nat(),
    });
    const all: CallRow[] = [];
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (rows) => {
        const calls = rows.map((each) => callRow(each));
        await store.add({ ...batch, calls });
        all.push(...calls);
        for (const group of await store.calls("agent", { from: DAYS[1], to: DAYS[2] })) {
          const mine = all.filter(({ agent, day }) => agent === group.key && day !== DAYS[0]);
          expect(group.calls).toBe(mine.length);
          expect(group.costNanoUsd).toBe(mine.reduce((sum, each) => sum + each.costNanoUsd, 0));
          expect(group.inputTokens).toBe(mine.reduce((sum, each) => sum + each.inputTokens, 0));
        }
      }),
      { numRuns: 20 },
    );
  });
}
