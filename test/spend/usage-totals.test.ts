import { afterEach, describe, expect, it } from "vitest";
import { agent } from "../../src/agent/agent.ts";
import { conversation } from "../../src/agent/conversation.ts";
import { recordUsage } from "../../src/agent/record-usage.ts";
import { workflow } from "../../src/agent/workflow.ts";
import { type UsageTotals, type UsageTotalsOptions, usageTotals } from "../../src/spend/usage-totals.ts";
import { memoryUsage } from "../../src/stores/usage/memory-usage.ts";
import { noCalls } from "../../src/stores/usage/sums.ts";
import { ManualClock } from "../../src/testing/index.ts";

const DAY_MS = 86_400_000;
const EMPTY = { calls: [], conversations: [], runs: [] };
const OLD = { day: "2020-01-01", agent: "writer", provider: "openai", model: "gpt" };
const made: UsageTotals[] = [];

afterEach(async () => {
  for (const totals of made.splice(0)) await totals.close();
});

function setUp(options: UsageTotalsOptions = {}, at = "2026-11-21T12:00Z") {
  const clock = new ManualClock(Date.parse(at));
  const totals = usageTotals({ clock, ...options });
  made.push(totals);
  return { clock, totals };
}

const spend = (costUsd: number, model = "gpt-4o-mini", provider = "openai") =>
  recordUsage({ model, provider, inputTokens: 7, outputTokens: 3, costUsd });

describe("usage totals", () => {
  it("have the calls of this process by agent, own cost and that of the whole subtree", async () => {
    const { totals } = setUp();
    const writer = agent("writer", async () => spend(0.2));
    const boss = agent("boss", async () => {
      spend(0.1);
      await writer();
    });
    await boss();
    expect(await totals.totals({ by: "agent" })).toMatchObject([
      { name: "writer", calls: 1, tokens: 10, costUsd: 0.2, runs: 1, subtree: { costUsd: 0.2 } },
      {
        name: "boss",
        calls: 1,
        tokens: 10,
        costUsd: 0.1,
        runs: 1,
        subtree: { calls: 2, tokens: 20, costUsd: 0.3 },
      },
    ]);
  });

  it("have an agent that asks no model itself, with what it had others do", async () => {
    const { totals } = setUp();
    const writer = agent("writer", async () => spend(0.2));
    await agent("boss", () => writer())();
    expect(await totals.totals()).toMatchObject([
      { name: "writer", calls: 1 },
      { name: "boss", calls: 0, costUsd: 0, subtree: { calls: 1, costUsd: 0.2 } },
    ]);
  });

  it.each([
    [
      "model",
      [
        ["claude", 0.3],
        ["gpt-4o-mini", 0.1],
      ],
    ],
    [
      "provider",
      [
        ["anthropic", 0.3],
        ["openai", 0.1],
      ],
    ],
    ["workflow", [["report", 0.4]]],
    ["caller", [["report", 0.4]]],
    ["conversation", [["c-1", 0.4]]],
  ] as const)("are given by %s", async (by, expected) => {
    const { totals } = setUp();
    const writer = agent("writer", async () => {
      spend(0.1);
      spend(0.3, "claude", "anthropic");
    });
    await conversation("c-1", () => workflow("report", () => writer())());
    const found = await totals.totals({ by });
    expect(found.map(({ name, costUsd }) => [name, costUsd])).toEqual(expected);
  });

  it("are those of today, of this week from Monday on, and of this month", async () => {
    // A Saturday.
    const { clock, totals } = setUp({}, "2026-11-01T12:00Z");
    for (const date of ["2026-11-01", "2026-11-15", "2026-11-16", "2026-11-21"]) {
      clock.advance(Date.parse(`${date}T12:00Z`) - clock.now());
      spend(1);
    }
    const calls = async (period: "daily" | "weekly" | "monthly") =>
      (await totals.totals({ period, by: "provider" }))[0]?.calls;
    expect([await calls("daily"), await calls("weekly"), await calls("monthly")]).toEqual([1, 2, 4]);
  });

  it("count a call on the day of the chosen time zone", async () => {
    const { totals } = setUp({ timeZone: "Europe/Berlin" }, "2026-11-20T23:30Z");
    spend(1);
    expect((await totals.trend({ days: 2 })).map(({ name, calls }) => [name, calls])).toEqual([
      ["2026-11-20", 0],
      ["2026-11-21", 1],
    ]);
  });

  it("count each hour of a day with 25 of them on that day", async () => {
    const { clock, totals } = setUp({ timeZone: "Europe/Berlin" }, "2026-10-24T22:00Z");
    for (let hour = 0; hour < 25; hour++) {
      spend(1);
      clock.advance(3_600_000);
    }
    spend(1);
    expect((await totals.trend({ days: 2 })).map(({ name, calls }) => [name, calls])).toEqual([
      ["2026-10-25", 25],
      ["2026-10-26", 1],
    ]);
  });

  it("have a trend with each day, also where nothing happened", async () => {
    const { clock, totals } = setUp();
    spend(1);
    clock.advance(2 * DAY_MS);
    spend(2);
    expect((await totals.trend({ days: 4 })).map(({ name, costUsd }) => [name, costUsd])).toEqual([
      ["2026-11-20", 0],
      ["2026-11-21", 1],
      ["2026-11-22", 0],
      ["2026-11-23", 2],
    ]);
  });

  it("add up money exactly: a million calls of a third of a micro-dollar", async () => {
    const { totals } = setUp();
    const call = { operation: "chat", agent: "a", costNanoUsd: 333 } as Parameters<UsageTotals["record"]>[0];
    for (let i = 0; i < 1_000_000; i++) totals.record(call);
    expect((await totals.totals())[0]).toMatchObject({ calls: 1_000_000, costUsd: 0.333 });
  });

  it("forget days beyond those that are kept", async () => {
    const { clock, totals } = setUp({ keepDays: 2 });
    spend(1);
    clock.advance(2 * DAY_MS);
    spend(1);
    await totals.flush();
    expect((await totals.trend({ days: 5 })).filter(({ calls }) => calls > 0)).toHaveLength(1);
  });

  it("lose nothing to a store that fails: it is written with the next", async () => {
    const usage = memoryUsage();
    let broken = true;
    const failing = {
      ...bound(usage),
      add: (batch: Parameters<typeof usage.add>[0]) =>
        broken ? Promise.reject(new Error("no disk")) : usage.add(batch),
    };
    const { totals } = setUp({ store: { usage: failing } });
    spend(1);
    await totals.flush();
    broken = false;
    spend(1);
    expect((await totals.totals({ by: "provider" }))[0]?.calls).toBe(2);
  });

  it("count nothing twice where old days cannot be forgotten, and forget them with the next write", async () => {
    const usage = memoryUsage();
    await usage.add({ ...EMPTY, calls: [{ ...OLD, ...noCalls(), calls: 1 }] });
    let broken = true;
    const failing = {
      ...bound(usage),
      forget: (before: string) => (broken ? Promise.reject(new Error("locked")) : usage.forget(before)),
    };
    const { totals } = setUp({ store: { usage: failing } });
    spend(1);
    await totals.flush();
    broken = false;
    spend(1);
    expect((await totals.totals({ by: "provider" }))[0]?.calls).toBe(2);
    expect(await usage.rows({ from: OLD.day, to: OLD.day })).toEqual([]);
  });

  it("count no more once closed", async () => {
    const { totals } = setUp();
    await totals.close();
    spend(1);
    expect(await totals.totals({ by: "provider" })).toEqual([]);
  });

  it.each<[() => unknown, string]>([
    [() => usageTotals({ timeZone: "Mars/Base" }), "timeZone must be an IANA time zone"],
    [() => usageTotals({ keepDays: 0 }), "usageTotals: keepDays must be a whole number from 1"],
    [() => usageTotals({ store: {} }), "usageTotals: store must be one that has usage"],
  ])("say what is wrong with an option", (make, message) => {
    expect(make).toThrow(message);
  });

  it("say what is wrong with a query", async () => {
    const { totals } = setUp();
    await expect(totals.totals({ by: "tool" as never })).rejects.toThrow(
      'by must be one of agent, model, provider, workflow, conversation, caller, got "tool"',
    );
    await expect(totals.trend({ days: 0 })).rejects.toThrow("trend: days must be a whole number from 1");
  });
});

function bound(store: ReturnType<typeof memoryUsage>): ReturnType<typeof memoryUsage> {
  return {
    add: (batch) => store.add(batch),
    calls: (by, days) => store.calls(by, days),
    conversations: (days, limit) => store.conversations(days, limit),
    runs: (kind, by, days) => store.runs(kind, by, days),
    rows: (days) => store.rows(days),
    forget: (before) => store.forget(before),
  };
}
