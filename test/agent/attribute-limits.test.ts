import { describe, expect, it } from "vitest";
import { agent, chat, recordUsage, tool } from "../../src/index.ts";
import { scriptedProvider } from "../../src/testing/index.ts";
import { clientsOf } from "../instrumentation/support.ts";
import { watch } from "./support.ts";

const told = watch();
const LONG = "x".repeat(1_000_000);
const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`key.${i}`, i]));

function longest(): number {
  const values = told.spans.spans.flatMap(({ name, attributes }) => [
    name,
    ...Object.values(attributes).flatMap((value) => (Array.isArray(value) ? value : [value])),
  ]);
  return Math.max(...values.map((value) => String(value).length));
}

describe("attributes of our own spans", () => {
  it("have at most 4 KiB of what a program gives its agents and tools", () => {
    const options = { description: LONG, attributes: { note: LONG, list: [LONG] } };
    agent(
      "long",
      tool("long", () => 1, options),
      { ...options, version: LONG, tools: [LONG] },
    )();
    expect(told.spans.spans).toHaveLength(2);
    expect(longest()).toBe(4_096);
    expect(String(told.spans.get("invoke_agent long").attributes["note"])).toMatch(/x…$/);
  });

  it("have at most 4 KiB of what a client is asked and a provider answers", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ text: "so", id: LONG, model: LONG }) });
    const { openai } = clientsOf(provider);
    const messages = [{ role: "user" as const, content: "why" }];
    await openai.chat.completions.create({ model: `m${LONG}`.slice(0, 20_000), stop: [LONG], messages });
    const [span] = told.spans.spans;
    expect(longest()).toBe(4_096);
    expect(span?.name).toHaveLength(256);
    expect(String(span?.attributes["gen_ai.response.id"])).toHaveLength(4_096);
  });

  it("have at most 4 KiB of a reported call", () => {
    recordUsage({
      model: "m",
      provider: "openai",
      inputTokens: 1,
      outputTokens: 1,
      costUsd: 0,
      responseId: LONG,
    });
    expect(longest()).toBe(4_096);
  });

  it("leave room for ours, however many a program gives", () => {
    agent(
      "many",
      () =>
        chat({ provider: "openai", model: "m", attributes: many }, (call) => {
          call.usage({ input: 1, output: 1 });
          call.response({ id: "r", costUsd: 0.5 });
        }),
      { attributes: many },
    )();
    told.spans.get("chat m", {
      attributes: { "gen_ai.usage.cost.amount": 0.5, "gen_ai.agent.name": "many", "gen_ai.response.id": "r" },
    });
    told.spans.get("invoke_agent many", {
      attributes: { "agents.subtree.calls": 1, "gen_ai.agent.name": "many" },
    });
    for (const { attributes } of told.spans.spans)
      expect(Object.keys(attributes).length).toBeLessThanOrEqual(128);
  });
});
