import { SpanKind } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { agent, tool } from "../../src/index.ts";
import { watch } from "./support.ts";

const seen = watch();

describe("tool", () => {
  it("makes one INTERNAL span execute_tool {tool} with the agent's name", () => {
    agent("user", () => tool("search", () => 1)())();
    const span = seen.spans.get("execute_tool search", { parent: seen.spans.get("invoke_agent user") });
    expect(span.kind).toBe(SpanKind.INTERNAL);
    expect(span.attributes).toEqual({
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "search",
      "gen_ai.tool.type": "function",
      "gen_ai.agent.name": "user",
    });
  });

  it("takes description, type and attributes", () => {
    tool("lookup", () => 1, { description: "looks up", type: "datastore", attributes: { table: "pages" } })();
    seen.spans.get("execute_tool lookup", {
      attributes: {
        "gen_ai.tool.description": "looks up",
        "gen_ai.tool.type": "datastore",
        table: "pages",
        "gen_ai.agent.name": undefined,
      },
    });
  });

  it("names the nearest of three agents, three tools deep", () => {
    const dig = (depth: number): number =>
      depth === 0
        ? tool("deepest", () => 0)()
        : agent(`level-${depth}`, () => tool(`dig-${depth}`, () => dig(depth - 1))())();
    dig(3);
    seen.spans.get("execute_tool deepest", { attributes: { "gen_ai.agent.name": "level-1" } });
  });

  it("counts in the record of the agent that made the calls, and of that one only", () => {
    const once = tool("once", () => 1);
    const inner = agent("inner", () => once());
    agent("outer", () => once() + once() + inner())();
    const counts = seen.records
      .filter((r) => r.operation === "invoke_agent")
      .map((r) => [r.agent, r.ownToolCalls]);
    expect(counts).toEqual([
      ["inner", 1],
      ["outer", 2],
    ]);
  });

  it("gives its own record no count of tool calls", () => {
    agent("counter", () => tool("counted", () => 1)())();
    expect(seen.records.find((r) => r.tool === "counted")?.ownToolCalls).toBeUndefined();
  });

  it("throws the same error object and says its class", async () => {
    const error = new TypeError("no such page");
    await expect(tool("fails", () => Promise.reject(error))()).rejects.toBe(error);
    seen.spans.get("execute_tool fails", { failed: true, attributes: { "error.type": "TypeError" } });
  });
});
