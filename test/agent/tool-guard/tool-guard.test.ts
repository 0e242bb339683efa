import { describe, expect, it } from "vitest";
import { z } from "zod";
import { agent, type GuardedTool, type ModelToolCall, tool, toolGuard } from "../../../src/index.ts";
import { watch } from "../support.ts";

const seen = watch();

const search: GuardedTool<{ query: string; limit?: number | undefined }> = {
  schema: z.object({ query: z.string(), limit: z.number().int().max(10).optional() }),
  description: "Searches the library",
  run: ({ query }) => `three pages about ${query}`,
};
const call = (name: string, args: unknown, id = "call_1"): ModelToolCall => ({ id, name, arguments: args });

describe("toolGuard lets through", () => {
  const guard = toolGuard({ tools: { search } });
  const expected = {
    outcome: "ok",
    id: "call_1",
    name: "search",
    value: "three pages about otters",
    text: "three pages about otters",
  };
  const query = { query: "otters" };
  const text = JSON.stringify(query);

  it.each<[string, ModelToolCall]>([
    [
      "OpenAI's chat completions",
      { id: "call_1", type: "function", function: { name: "search", arguments: text } },
    ],
    ["OpenAI's responses", { call_id: "call_1", name: "search", arguments: text }],
    ["Anthropic's messages", { id: "call_1", name: "search", input: query }],
    ["LangChain", { id: "call_1", name: "search", args: query }],
    ["the AI SDK", { toolCallId: "call_1", toolName: "search", input: query }],
  ])("a call in the shape of %s", async (_, given) => {
    expect(await guard.call(given)).toEqual(expected);
  });

  it("as one execute_tool span of the agent, with the id of the call", async () => {
    await agent("writer", () => guard.call(call("search", text)))();
    const span = seen.spans.get("execute_tool search", { failed: false });
    expect(span.attributes).toMatchObject({
      "gen_ai.agent.name": "writer",
      "gen_ai.tool.call.id": "call_1",
      "gen_ai.tool.description": "Searches the library",
    });
    expect(seen.records.filter(({ operation }) => operation === "execute_tool")).toHaveLength(1);
  });

  it("defaults and conversions of the schema, and an empty text as no arguments", async () => {
    const typed = toolGuard({
      tools: { page: { schema: z.object({ at: z.coerce.number().default(1) }), run: ({ at }) => at + 1 } },
    });
    expect(await typed.call(call("page", ""))).toMatchObject({ outcome: "ok", value: 2, text: "2" });
    expect(typed.callSync(call("page", '{"at":"41"}'))).toMatchObject({ value: 42 });
  });

  it("a function that is a tool() already, with that one span", async () => {
    const ready = tool("lookup", ({ query }: { query: string }) => query.length, { type: "datastore" });
    const guarded = toolGuard({ tools: { find: { ...search, run: ready } } });
    expect(await agent("reader", () => guarded.call(call("find", text)))()).toMatchObject({
      outcome: "ok",
      value: 6,
    });
    expect(seen.spans.spans.map(({ name }) => name)).toEqual(["execute_tool lookup", "invoke_agent reader"]);
  });

  it("any object where a tool has no schema", async () => {
    const open = toolGuard({ tools: { note: { run: (args) => Object.keys(args) } } });
    expect(await open.call(call("note", '{"a":1,"b":2}'))).toMatchObject({
      value: ["a", "b"],
      text: '["a","b"]',
    });
  });

  it("calls to what runs the tools of the program, of which it knows names alone", async () => {
    const run = toolGuard({ tools: ["search"] }).around(
      ({ name, arguments: args }) => `${name} ${String(args.q)}`,
    );
    expect(await run(call("search", '{"q":1}'))).toMatchObject({ outcome: "ok", text: "search 1" });
    expect(await run(call("delete", "{}"))).toMatchObject({ outcome: "refused", reason: "unknown_tool" });
  });
});

describe("a tool that throws", () => {
  it("is answered, with the same error object, and its span has failed with it", async () => {
    const error = new TypeError("no such shelf, key sk-proj-abcdefghijklmnopqrstuvwx");
    const guard = toolGuard({ tools: { shelf: { run: () => Promise.reject(error) } } });
    const answer = await guard.call(call("shelf", "{}"));
    expect(answer).toMatchObject({ outcome: "failed", error });
    expect(answer.text).toBe('The tool "shelf" failed: no such shelf, key [redacted]');
    seen.spans.get("execute_tool shelf", { failed: true, attributes: { "error.type": "TypeError" } });
  });
});

describe("misuse", () => {
  it.each<[string, () => unknown]>([
    ["toolGuard: tools must name at least one tool", () => toolGuard({ tools: {} })],
    [
      "toolGuard: tools must be an object of tools by name, or a list of names, got number",
      () => toolGuard({ tools: 7 as never }),
    ],
    [
      'toolGuard: tool "a": run must be a function, got string',
      () => toolGuard({ tools: { a: { run: "x" as never } } }),
    ],
    [
      'toolGuard: tool "a": schema must be a JSON Schema',
      () => toolGuard({ tools: { a: { schema: 7 as never } } }),
    ],
    [
      'toolGuard: tool "a": schema cannot be read as JSON Schema',
      () => toolGuard({ tools: { a: { schema: { type: "objekt" } } } }),
    ],
    [
      'toolGuard: agents.writer must name tools of this guard, got "b"',
      () => toolGuard({ tools: ["a"], agents: { writer: ["b"] } }),
    ],
    [
      "toolGuard: maxCalls must be a whole number >= 0, got 1.5",
      () => toolGuard({ tools: ["a"], maxCalls: 1.5 }),
    ],
    [
      "toolGuard: maxArgumentBytes must be a whole number from 1",
      () => toolGuard({ tools: ["a"], maxArgumentBytes: 0 }),
    ],
    [
      "toolGuard: validate must be a function, got object",
      () => toolGuard({ tools: ["a"], validate: {} as never }),
    ],
    [
      "toolGuard: around must be given a function, got undefined",
      () => toolGuard({ tools: ["a"] }).around(undefined as never),
    ],
  ])("is told when the guard is built: %s", (message, build) => {
    expect(build).toThrow(message);
  });

  it("is told where a tool has nothing that runs it", async () => {
    await expect(toolGuard({ tools: ["a"] }).call(call("a", "{}"))).rejects.toThrow(
      'toolGuard: tool "a" has no run; give it one, or use around',
    );
  });

  it("is told where callSync meets a promise", () => {
    const guard = toolGuard({ tools: { slow: { run: () => Promise.resolve(1) } } });
    expect(() => guard.callSync(call("slow", "{}"))).toThrow(
      /callSync needs a tool, a schema and a validate/,
    );
  });
});
