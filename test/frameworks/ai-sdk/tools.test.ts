import { generateText, isStepCount, ToolLoopAgent, type ToolSet, tool } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { aiSdkTelemetry } from "../../../src/frameworks/ai-sdk/index.ts";
import { agent, handoff, tool as ourTool } from "../../../src/index.ts";
import { formatTrace } from "../../../src/telemetry/format-trace.ts";
import * as names from "../../../src/telemetry/semconv.ts";
import { openDesk } from "./desk.ts";

const desk = openDesk();
const USAGE = { input: 100, output: 20 };
const CANARY = "canary-7c1e";

function calls(...tools: readonly string[]) {
  return { toolCalls: tools.map((name) => ({ name, arguments: { query: CANARY } })), usage: USAGE };
}

function toolOf(execute: (input: { query: string }) => unknown) {
  return tool({ inputSchema: z.object({ query: z.string() }), execute: async (input) => execute(input) });
}

function research(tools: ToolSet, telemetry: object = {}) {
  return generateText({
    model: desk.openai("gpt-4o-mini"),
    prompt: "Otters?",
    tools,
    stopWhen: isStepCount(5),
    telemetry: { functionId: "researcher", ...telemetry },
  });
}

const researcher = () => desk.spans.get("invoke_agent researcher");

describe("a tool of the AI SDK", () => {
  it("is one of its agent's, as is each step's model call", async () => {
    desk.provider.queue(calls("search"), calls("search"), { text: "They do.", usage: USAGE });
    await research({ search: toolOf(() => "pages") });
    expect(desk.spans.childrenOf(researcher()).map(({ name }) => name)).toEqual([
      "chat gpt-4o-mini",
      "execute_tool search",
      "chat gpt-4o-mini",
      "execute_tool search",
      "chat gpt-4o-mini",
    ]);
    expect(researcher().attributes).toMatchObject({
      [names.ATTR_AGENT_TOOLS]: ["search"],
      [names.ATTR_OWN_CALLS]: 3,
      [names.ATTR_OWN_TOKENS]: 360,
    });
  });

  it("that runs beside others has its own calls below it", async () => {
    desk.provider.queue(calls("first", "second"), { text: "Both." });
    const below = (name: string) =>
      toolOf(async () => {
        await new Promise(setImmediate);
        return agent(`agent of ${name}`, () => name)();
      });
    await research({ first: below("first"), second: below("second") });
    for (const name of ["first", "second"]) {
      const inner = desk.spans.get(`invoke_agent agent of ${name}`);
      expect(desk.spans.parentOf(inner)?.name).toBe(`execute_tool ${name}`);
      expect(inner.attributes[names.ATTR_CALLER_NAME]).toBe("researcher");
    }
  });

  it("that throws has failed, and its agent goes on", async () => {
    desk.provider.queue(calls("search"), { text: "Nothing found." });
    await research({
      search: toolOf(() => {
        throw new RangeError("no such page");
      }),
    });
    desk.spans.get("execute_tool search", { attributes: { [names.ATTR_ERROR_TYPE]: "RangeError" } });
    expect(researcher().attributes[names.ATTR_ERROR_TYPE]).toBeUndefined();
  });

  it("may be another agent of the AI SDK", async () => {
    const poet = new ToolLoopAgent({
      model: desk.anthropic("claude-haiku-4-5"),
      telemetry: { functionId: "poet" },
    });
    desk.provider.queue(calls("rhyme"), { text: "otter, water", usage: USAGE }, { text: "Done." });
    await research({ rhyme: toolOf(async ({ query }) => (await poet.generate({ prompt: query })).text) });
    const inner = desk.spans.get("invoke_agent poet");
    expect(desk.spans.parentOf(inner)?.name).toBe("execute_tool rhyme");
    expect(inner.attributes[names.ATTR_CALLER_NAME]).toBe("researcher");
    expect(desk.spans.childrenOf(inner).map(({ name }) => name)).toEqual(["chat claude-haiku-4-5"]);
    expect(researcher().attributes[names.ATTR_SUBTREE_CALLS]).toBe(3);
  });

  it("may hand over to an agent", async () => {
    const billing = agent("billing", async (query: string) => query.length);
    desk.provider.queue(calls("transfer"), { text: "Done." });
    await research({
      transfer: toolOf(({ query }) => handoff(billing, { mode: "return_to_caller" })(query)),
    });
    const inner = desk.spans.get("invoke_agent billing");
    expect(desk.spans.parentOf(inner)?.attributes).toMatchObject({
      [names.ATTR_TRANSFER_TARGET]: "billing",
      [names.ATTR_AGENT_NAME]: "researcher",
    });
  });

  it("of ours inside of it is below it", async () => {
    const lookup = ourTool("lookup", () => "row");
    desk.provider.queue(calls("search"), { text: "Done." });
    await research({ search: toolOf(() => lookup()) });
    expect(desk.spans.parentOf(desk.spans.get("execute_tool lookup"))?.name).toBe("execute_tool search");
  });

  it("that gives its result in pieces lasts until the last one", async () => {
    desk.provider.queue(calls("count"), { text: "Done." });
    const count = tool({
      inputSchema: z.object({ query: z.string() }),
      async *execute() {
        yield 1;
        await agent("inner", () => undefined)();
        yield 2;
      },
    });
    const { steps } = await research({ count });
    expect(steps[0]?.toolResults[0]?.output).toBe(2);
    expect(desk.spans.parentOf(desk.spans.get("invoke_agent inner"))?.name).toBe("execute_tool count");
  });

  it("that the provider runs is no tool of ours", async () => {
    const model = new MockLanguageModelV4({
      provider: "openai.responses",
      modelId: "gpt-4o-mini",
      doGenerate: async () => ({
        content: [
          {
            type: "tool-call",
            toolCallId: "1",
            toolName: "web_search",
            input: "{}",
            providerExecuted: true,
            dynamic: true,
          },
          { type: "tool-result", toolCallId: "1", toolName: "web_search", result: "pages", dynamic: true },
          { type: "text", text: "Done." },
        ],
        finishReason: { unified: "stop", raw: undefined },
        usage: {
          inputTokens: { total: 10, noCache: 10, cacheRead: 0, cacheWrite: 0 },
          outputTokens: { total: 5, text: 5, reasoning: 0 },
        },
        warnings: [],
      }),
    });
    await generateText({ model, prompt: "Otters?", telemetry: { functionId: "researcher" } });
    expect(desk.spans.spans.map(({ name }) => name)).toEqual(["chat gpt-4o-mini", "invoke_agent researcher"]);
    expect(desk.spans.get(/^chat/).attributes[names.ATTR_USAGE_INPUT]).toBe(10);
  });
});

describe("what a tool was given and has given", () => {
  const shown = () => formatTrace(desk.spans.spans, { attributes: true });

  it("is not recorded by itself", async () => {
    desk.provider.queue(calls("search"), { text: CANARY });
    await research({ search: toolOf(({ query }) => `${query} pages`) });
    expect(shown()).not.toContain(CANARY);
  });

  it("is recorded where the program says so", async () => {
    desk.provider.queue(calls("search"), { text: "Done." });
    await research(
      { search: toolOf(({ query }) => `${query} pages`) },
      { integrations: aiSdkTelemetry({ capture: true }) },
    );
    expect(desk.spans.get("execute_tool search").attributes).toMatchObject({
      [names.ATTR_TOOL_ARGUMENTS]: `{"query":"${CANARY}"}`,
      [names.ATTR_TOOL_RESULT]: `${CANARY} pages`,
    });
  });

  it("is not recorded where the call says so", async () => {
    desk.provider.queue(calls("search"), { text: "Done." });
    await research(
      { search: toolOf(({ query }) => `${query} pages`) },
      { integrations: aiSdkTelemetry({ capture: true }), recordInputs: false, recordOutputs: false },
    );
    expect(shown()).not.toContain(CANARY);
  });
});
