import { describe, expect, it } from "vitest";
import { agent, circuitBreaker, costGuard, limits, tool, wrap } from "../../src/index.ts";
import { scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import { chatRequest, clientsOf } from "../instrumentation/support.ts";
import { watchMetrics } from "./support.ts";

// Which agent spent it, whose budget is used, which agent's breaker is open, who runs in a circle: no telemetry tells.

const told = watch();
const metrics = watchMetrics();

/** Value of a metric by one of its labels. */
const by = async (name: string, label: string): Promise<Record<string, number>> =>
  Object.fromEntries(
    (await metrics.read(name)).map(({ attributes, value }) => [String(attributes[label]), value]),
  );

const ofHour = async (name: string): Promise<number | undefined> =>
  (await metrics.read(name)).find(
    ({ attributes }) =>
      attributes["agents.budget.name"] === "p20 budget" && attributes["agents.budget.window"] === "hour",
  )?.value;

/** 100 in, 40 out: 39,000 nano-dollars a call. */
const respond = () => ({ usage: { input: 100, output: 40 } });
const CALL_USD = 0.000039;

describe("what an agent did", () => {
  it("is told of each agent: cost, tokens and calls, and who called it", async () => {
    await using provider = await scriptedProvider({ respond });
    const { openai } = clientsOf(provider);
    const ask = () => openai.chat.completions.create(chatRequest);
    const researcher = agent("p20 researcher", async () => {
      await ask();
      await ask();
    });
    const lead = agent("p20 lead", async () => {
      await researcher();
      await ask();
    });
    await lead();
    const cost = await by("agents.cost", "gen_ai.agent.name");
    expect(cost["p20 researcher"]).toBeCloseTo(2 * CALL_USD, 12);
    expect(cost["p20 lead"]).toBeCloseTo(CALL_USD, 12);
    const edges = await metrics.read("gen_ai.invoke_agent.duration");
    expect(
      edges.map(({ attributes: a }) => [a["gen_ai.caller.name"], a["gen_ai.agent.name"]]),
    ).toContainEqual(["p20 lead", "p20 researcher"]);
    expect(told.spans.all("chat gpt-4o-mini").map(({ attributes: a }) => a["gen_ai.agent.name"])).toEqual([
      "p20 researcher",
      "p20 researcher",
      "p20 lead",
    ]);
  });
});

describe("what holds an agent", () => {
  it("its breaker is a series with its state, its opening a count, and what it refused another", async () => {
    const breaker = circuitBreaker({ name: "p20 writer", failureThreshold: 2 });
    const write = wrap(breaker).around(
      agent("p20 writer", async () => {
        throw new Error("500");
      }),
    );
    for (let i = 0; i < 3; i++) await write().catch(() => {});
    const states = (await metrics.read("agents.breaker.state")).filter(
      ({ attributes, value }) => attributes["agents.breaker.name"] === "p20 writer" && value === 1,
    );
    expect(states.map(({ attributes }) => attributes["agents.breaker.state.name"])).toEqual(["open"]);
    expect((await by("agents.breaker.rejections", "agents.breaker.name"))["p20 writer"]).toBe(1);
  });

  it("its budget is two gauges and a count of refusals", async () => {
    await using provider = await scriptedProvider({ respond });
    const { openai } = clientsOf(provider);
    const guard = costGuard({ name: "p20 budget", perRequestUsd: 0.00004, hourlyUsd: 0.00006 });
    const ask = guard.around(
      agent("p20 spender", () => openai.chat.completions.create({ ...chatRequest, max_tokens: 40 })),
    );
    await ask();
    await expect(ask()).rejects.toMatchObject({ code: "budget_exceeded" });
    expect(await ofHour("agents.budget.used")).toBeCloseTo(CALL_USD, 12);
    expect(await ofHour("agents.budget.limit")).toBe(0.00006);
    expect(await ofHour("agents.budget.rejections")).toBe(1);
    expect(provider.requests).toHaveLength(1);
  });

  it("a loop of tool calls is stopped, and the refusal names the agent that ran in a circle", async () => {
    await using provider = await scriptedProvider({
      respond: () => ({ toolCalls: [{ name: "search", arguments: {} }], usage: { input: 100, output: 40 } }),
    });
    const { openai } = clientsOf(provider);
    const search = tool("search", async () => "nothing");
    const loops = agent("p20 looper", async () => {
      for (;;) {
        await openai.chat.completions.create(chatRequest);
        await search();
      }
    });
    await expect(limits({ iterations: 5 }, () => loops())).rejects.toMatchObject({
      code: "limit_exceeded",
      limit: "iterations",
      agent: "p20 looper",
    });
    expect(provider.requests).toHaveLength(5);
    told.spans.get("invoke_agent p20 looper", {
      failed: true,
      attributes: { "error.type": "limit_exceeded" },
    });
  });
});
