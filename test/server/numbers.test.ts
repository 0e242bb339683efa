import { describe, expect, it } from "vitest";
import { CallLog } from "../../src/agent/call-log.ts";
import { usageTotals } from "../../src/spend/usage-totals.ts";
import { ManualClock } from "../../src/testing/manual-clock.ts";
import { record } from "../health/records.ts";
import { NOW_MS, seed, served } from "./support/served.ts";

describe("the numbers of the REST surface", () => {
  it("add up model calls by agent, the dearest first, and all of them in the total", async () => {
    const { calls, ask } = served();
    seed(calls);
    const { body } = await ask("token-stats");
    expect(body).toMatchObject({
      period: "daily",
      from: "2026-11-19T00:00:00.000Z",
      to: "2026-11-19T12:00:00.000Z",
      by: "agent",
      total: {
        calls: 4,
        errors: 1,
        tokens: 1_820,
        cost_usd: 0.042,
        unpriced_calls: 1,
        cache_read_tokens: 100,
      },
      items: [
        { name: "researcher", calls: 1, tokens: 1_200, cost_usd: 0.03 },
        { name: "writer", calls: 2, errors: 1, tokens: 610, cost_usd: 0.012 },
        { name: "", calls: 1, tokens: 10, cost_usd: 0, unpriced_calls: 1 },
      ],
    });
  });

  it.each([
    ["model", ["gpt-4o", "claude-sonnet-4-5", "own-model"]],
    ["provider", ["openai", "anthropic", "local"]],
  ])("add up model calls by %s", async (by, names) => {
    const { calls, ask } = served();
    seed(calls);
    const { body } = await ask(`token-stats?by=${by}`);
    expect(body.items.map((item: { name: string }) => item.name)).toEqual(names);
  });

  it("tell of requests as a whole: runs that nobody of the program has called", async () => {
    const { calls, ask } = served();
    seed(calls);
    const { body } = await ask("statistics");
    expect(body).toMatchObject({
      total_requests: 2,
      successful: 1,
      failed: 1,
      success_rate: 0.5,
      avg_duration_ms: 3_000,
      total_tokens: 1_820,
      total_cost_usd: 0.042,
      avg_cost_per_request: 0.021,
      model_calls: 4,
      tool_calls: 1,
      unpriced_calls: 1,
    });
  });

  it("tell of each agent its own calls, and what it cost with all that it called", async () => {
    const { calls, ask } = served();
    seed(calls);
    const { body } = await ask("metrics");
    expect(body.items).toMatchObject([
      {
        agent: "writer",
        total_requests: 2,
        failed: 1,
        total_cost_usd: 0.012,
        inclusive_cost_usd: 0.042,
        model_calls: 2,
      },
      {
        agent: "researcher",
        total_requests: 1,
        failed: 0,
        total_cost_usd: 0.03,
        inclusive_cost_usd: 0.03,
        tool_calls: 1,
      },
    ]);
  });

  it("count what failed by class, agent and operation", async () => {
    const { calls, ask } = served();
    seed(calls);
    const { body } = await ask("metrics/errors");
    expect(body).toMatchObject({ total: 2, by_class: [{ class: "timeout", count: 2 }] });
    expect(body.items).toMatchObject([
      { agent: "writer", error_type: "APIConnectionTimeoutError", operation: "chat", count: 1 },
      { agent: "writer", operation: "invoke_agent", count: 1, last_seen: "2026-11-19T12:00:00.000Z" },
    ]);
  });

  it("draw who called whom", async () => {
    const { calls, ask } = served();
    seed(calls);
    const { body } = await ask("metrics/interactions");
    const edges = body.edges.map(
      (edge: { source: string; target: string; calls: number; cost_usd: number }) => [
        edge.source,
        edge.target,
        edge.calls,
        edge.cost_usd,
      ],
    );
    expect(edges).toEqual([
      ["agent:researcher", "model:gpt-4o", 1, 0.03],
      ["agent:researcher", "tool:search", 1, 0],
      ["agent:writer", "agent:researcher", 1, 0.03],
      ["agent:writer", "model:claude-sonnet-4-5", 1, 0.002],
      ["agent:writer", "model:gpt-4o", 1, 0.01],
      ["user", "agent:writer", 2, 0.042],
      ["user", "model:own-model", 1, 0],
    ]);
  });

  it("say what the same calls would have cost at the list price of another model", async () => {
    const { calls, ask } = served();
    seed(calls);
    const { body } = await ask("costs/what-if?model=gpt-4o-mini");
    // 0.15 and 0.60 dollars for a million tokens, 0.075 for those that were cached: 1417, 303 and 100 of them.
    expect(body.cost_usd).toBe(0.042);
    expect(body.other_cost_usd).toBeCloseTo((1_417 * 0.15 + 100 * 0.075 + 303 * 0.6) / 1e6, 9);
    expect(body.items).toHaveLength(4);
  });

  it("leave the cost on a model open whose price nobody knows", async () => {
    const { calls, ask } = served();
    seed(calls);
    expect((await ask("costs/what-if?model=nobodys-model")).body.other_cost_usd).toBeNull();
  });

  it("go by days in UTC, the oldest first", async () => {
    const { calls, clock, ask } = served();
    seed(calls);
    clock.advance(24 * 3_600_000);
    const { body } = await ask("token-stats/trend?days=3");
    expect(body.items.map((day: { date: string; calls: number }) => [day.date, day.calls])).toEqual([
      ["2026-11-18", 0],
      ["2026-11-19", 4],
      ["2026-11-20", 0],
    ]);
    expect(body.items[1].by_model[0]).toEqual({ name: "gpt-4o", cost_usd: 0.04, tokens: 1_800 });
    expect((await ask("metrics/trend")).body.items.map((day: { failed: number }) => day.failed)).toEqual([
      0, 0, 0, 0, 0, 1, 0,
    ]);
  });

  it.each([
    ["hourly", 59 * 60_000, 4],
    ["hourly", 61 * 60_000, 0],
    ["daily", 12 * 3_600_000 - 1, 4],
    ["daily", 12 * 3_600_000, 0],
    // To the end of Sunday, and of the month.
    ["weekly", 3.5 * 86_400_000 - 1, 4],
    ["weekly", 3.5 * 86_400_000, 0],
    ["monthly", 11.5 * 86_400_000 - 1, 4],
    ["monthly", 11.5 * 86_400_000, 0],
  ])("know in the period %s, %d ms later, of %d calls", async (period, ms, expected) => {
    const { calls, clock, ask } = served();
    seed(calls);
    clock.advance(ms);
    expect((await ask(`token-stats?period=${period}`)).body.total.calls).toBe(expected);
  });

  it("tell all of one agent", async () => {
    const { calls, ask } = served();
    seed(calls);
    const { status, body } = await ask("agents/writer");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      stats: { total_requests: 2 },
      inclusive_cost_usd: 0.042,
      by_model: [{ name: "gpt-4o" }, { name: "claude-sonnet-4-5" }],
      callers: [{ name: "user", type: "user", calls: 2, errors: 1 }],
      errors: [{ operation: "chat" }, { operation: "invoke_agent" }],
      health: { agent: "writer", calls: 2 },
    });
    const { points } = body.series;
    expect(points.at(-1)).toMatchObject({
      time: new Date(NOW_MS).toISOString(),
      calls: 2,
      errors: 1,
      tokens: 610,
    });
    expect(points).toHaveLength(145);
  });

  it("know an agent that has not worked in the period, and say of one that never did that there is none", async () => {
    const { calls, clock, ask } = served();
    seed(calls);
    clock.advance(3 * 86_400_000);
    expect(await ask("agents/writer?period=hourly")).toMatchObject({
      status: 200,
      body: { stats: { total_requests: 0 }, health: { score: null, status: "unknown" } },
    });
    expect(await ask("agents/nobody")).toMatchObject({ status: 404, body: { parameter: "agent" } });
  });

  it("find an agent by a name with slashes, percent signs and other letters", async () => {
    const { calls, ask } = served();
    const name = "a/b %2F ü?#";
    calls.publish(record({ operation: "invoke_agent", agent: name, durationMs: 5 }));
    expect((await ask(`agents/${encodeURIComponent(name)}`)).body.agent).toBe(name);
  });

  it("judge health as the monitor of the process does, and know nothing without calls", async () => {
    const { calls, ask } = served();
    expect((await ask("health")).body).toMatchObject({ status: "unknown", score: null });
    for (let i = 0; i < 20; i++)
      calls.publish(record({ operation: "invoke_agent", agent: "steady", durationMs: 5 }));
    expect((await ask("health")).body).toMatchObject({ status: "healthy", score: 100 });
    expect((await ask("agents")).body.items).toMatchObject([{ agent: "steady", health: 100, breaker: null }]);
  });

  it("come from usage totals where there are some, which outlive the process", async () => {
    const clock = new ManualClock(NOW_MS);
    const calls = new CallLog();
    const usage = usageTotals({ calls, clock });
    seed(calls);
    clock.advance(86_400_000);
    seed(calls);
    const { ask, ...later } = served({ usage, clock }, { clock });
    expect(later.calls.hasListeners).toBe(true);
    const { total, items } = (await ask("token-stats?period=weekly")).body;
    expect(total).toMatchObject({ calls: 8, errors: 2, tokens: 3_640, cost_usd: 0.084, unpriced_calls: 2 });
    expect(items[0]).toMatchObject({ name: "researcher", calls: 2, cost_usd: 0.06 });
    expect((await ask("token-stats")).body.total.calls).toBe(4);
    const days = (await ask("token-stats/trend?days=3")).body.items;
    expect(days.map((day: { calls: number; errors: number }) => [day.calls, day.errors])).toEqual([
      [0, 0],
      [4, 1],
      [4, 1],
    ]);
    expect((await ask("costs/what-if?model=gpt-4o-mini&period=weekly")).body.cost_usd).toBe(0.084);
    expect((await ask("token-stats?period=hourly")).body.total.calls).toBe(0);
    await usage.close();
  });
});
