import { InMemoryCache } from "@langchain/core/caches";
import { Document } from "@langchain/core/documents";
import { BaseRetriever } from "@langchain/core/retrievers";
import { tool } from "@langchain/core/tools";
import { FakeLLM } from "@langchain/core/utils/testing";
import {
  Annotation,
  interrupt,
  MemorySaver,
  MessagesAnnotation,
  Send,
  START,
  StateGraph,
} from "@langchain/langgraph";
import { createReactAgent } from "@langchain/langgraph/prebuilt";
import { ChatOpenAI } from "@langchain/openai";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { contentCapture } from "../../../src/agent/content/capture-mode.ts";
import { agentOtelHandler } from "../../../src/frameworks/langchain/index.ts";
import { runs } from "../../../src/frameworks/langchain/run-registry.ts";
import { costGuard, limits } from "../../../src/index.ts";
import { FIRST } from "../support/scene.ts";
import { watched } from "./support.ts";
import { ASKED, modelAt, oneNode, search } from "./team.ts";

const told = watched();
const CANARY = "canary-4711";
const traced = () => ({ callbacks: [agentOtelHandler()] });
const SEARCHES = { toolCalls: [{ name: "search", arguments: { query: CANARY } }], usage: FIRST };
const ANSWER = { text: `They hold hands, ${CANARY}.`, usage: FIRST };
const everything = () =>
  JSON.stringify(told.spans.spans, (_, value) => (typeof value === "bigint" ? String(value) : value));

afterEach(() => {
  contentCapture.use("NO_CONTENT");
  expect(runs.size).toBe(0);
});

function researcher() {
  told.provider.queue(SEARCHES, ANSWER);
  return createReactAgent({ llm: modelAt(told.provider), tools: [search], name: "researcher" });
}

describe("content", () => {
  const asked = { messages: [{ role: "user", content: CANARY }] };

  it("is recorded nowhere by default", async () => {
    await researcher().invoke(asked, traced());
    expect(told.tree()).toHaveLength(4);
    expect(everything()).not.toContain(CANARY);
  });

  it("of tools is on their spans where that is asked for", async () => {
    await researcher().invoke(asked, { callbacks: [agentOtelHandler({ capture: true })] });
    expect(told.spans.get("execute_tool search").attributes).toMatchObject({
      "gen_ai.tool.call.arguments": expect.stringContaining(CANARY),
      "gen_ai.tool.call.result": `pages about ${CANARY}`,
    });
  });

  it("of models is on their spans where that is asked for", async () => {
    contentCapture.use("SPAN_ONLY");
    await researcher().invoke(asked, traced());
    const [first, last] = told.spans.all(/^chat/).map(({ attributes }) => attributes);
    expect(JSON.parse(String(first?.["gen_ai.input.messages"]))).toEqual([
      { role: "user", parts: [{ type: "text", content: CANARY }] },
    ]);
    // What was recorded with the call before is not again.
    const [assistant, result] = JSON.parse(String(last?.["gen_ai.input.messages"])).slice(-2);
    expect(assistant.parts[0]).toMatchObject({
      type: "tool_call",
      name: "search",
      arguments: { query: CANARY },
    });
    expect(result.parts[0]).toMatchObject({ type: "tool_call_response", response: `pages about ${CANARY}` });
    expect(last?.["gen_ai.output.messages"]).toContain(ANSWER.text);
  });
});

describe("tools", () => {
  it("that fail are failed, and the agent goes on", async () => {
    told.provider.queue(SEARCHES, ANSWER);
    const broken = tool(
      async () => {
        throw new TypeError("no such page");
      },
      { name: "search", schema: z.object({ query: z.string() }) },
    );
    await createReactAgent({ llm: modelAt(told.provider), tools: [broken], name: "researcher" }).invoke(
      ASKED,
      traced(),
    );
    expect(told.spans.get("execute_tool search").attributes["error.type"]).toBe("TypeError");
    expect(told.spans.get("invoke_agent researcher").attributes["error.type"]).toBeUndefined();
  });

  it("that wait for a person have not failed", async () => {
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("clerk", async () => {
        interrupt("sure?");
        return { messages: [] };
      })
      .addEdge(START, "clerk")
      .compile({ name: "desk", checkpointer: new MemorySaver() });
    await graph.invoke(ASKED, { ...traced(), configurable: { thread_id: "1" } });
    expect(told.tree()).toEqual(["invoke_workflow desk", "  invoke_agent clerk"]);
    expect(told.spans.get("invoke_agent clerk").attributes["error.type"]).toBeUndefined();
  });

  it("that read data are retrievers", async () => {
    class Shelf extends BaseRetriever {
      lc_namespace = ["test"];
      override async _getRelevantDocuments() {
        return [new Document({ pageContent: "otters" })];
      }
    }
    await new Shelf().invoke("otters", traced());
    expect(told.spans.get("execute_tool Shelf").attributes["gen_ai.tool.type"]).toBe("datastore");
  });
});

describe("models", () => {
  it("are not asked where LangChain's cache answers", async () => {
    told.provider.queue(ANSWER);
    const model = new ChatOpenAI({
      model: "gpt-4o-mini",
      apiKey: "none",
      cache: new InMemoryCache(),
      configuration: { baseURL: told.provider.openaiBaseUrl },
    });
    await model.invoke("Otters?", traced());
    await model.invoke("Otters?", traced());
    expect(told.provider.requests).toHaveLength(1);
    expect(told.spans.all(/^chat/)).toHaveLength(1);
    expect(told.records).toHaveLength(1);
  });

  it("that complete a text are told of as such", async () => {
    await new FakeLLM({ response: "otters" }).invoke("Otters?", traced());
    expect(told.spans.spans.map(({ name }) => name)).toEqual(["text_completion"]);
  });

  it("are several where a batch asks several", async () => {
    told.provider.queue(ANSWER, ANSWER, ANSWER);
    await modelAt(told.provider).batch(["a", "b", "c"], traced());
    expect(told.spans.all(/^chat/)).toHaveLength(3);
  });
});

describe("nodes that run at once", () => {
  it("have each its own model calls, tools and totals", async () => {
    const State = Annotation.Root({
      topics: Annotation<string[]>,
      done: Annotation<string[]>({ reducer: (a, b) => [...a, ...b], default: () => [] }),
    });
    const model = modelAt(told.provider);
    const topics = ["ants", "bees", "cats", "dogs"];
    const look = tool(async ({ topic }: { topic: string }) => (await model.invoke(topic)).text, {
      name: "look",
      schema: z.object({ topic: z.string() }),
    });
    const draft = new StateGraph(State).addNode("plan", async () => ({})).addEdge(START, "plan");
    const all = topics.reduce(
      (graph, topic) =>
        graph
          .addNode(topic as never, async () => ({ done: [await look.invoke({ topic })] }))
          .addEdge("plan", topic as never) as typeof graph,
      draft,
    );
    told.provider.queue(...topics.map(() => ANSWER));
    await all.compile({ name: "zoo" }).invoke({ topics }, traced());
    for (const topic of topics) {
      const span = told.spans.get(`invoke_agent ${topic}`);
      expect(span.attributes).toMatchObject({ "agents.own.calls": 1, "agents.own.tokens": 150 });
      const looked = told.spans.spans.find(({ parentSpanId }) => parentSpanId === span.spanId);
      expect(looked?.name).toBe("execute_tool look");
      const chat = told.spans.spans.find(({ parentSpanId }) => parentSpanId === looked?.spanId);
      expect(chat?.attributes["gen_ai.agent.name"]).toBe(topic);
    }
  });

  it("are several agents of one name where a node is sent several pieces", async () => {
    const State = Annotation.Root({ topics: Annotation<string[]> });
    await new StateGraph(State)
      .addNode("writer", async () => ({}))
      .addConditionalEdges(START, ({ topics }) =>
        topics.map((topic) => new Send("writer", { topics: [topic] })),
      )
      .compile({ name: "newsroom" })
      .invoke({ topics: ["a", "b", "c"] }, traced());
    expect(told.spans.all("invoke_agent writer")).toHaveLength(3);
  });

  it("do not mix in graphs that run at once", async () => {
    told.provider.queue(...Array.from({ length: 8 }, () => ANSWER));
    const graph = oneNode(modelAt(told.provider), "researcher");
    await Promise.all(Array.from({ length: 8 }, () => graph.invoke(ASKED, traced())));
    const traces = Map.groupBy(told.spans.spans, ({ traceId }) => traceId);
    expect([...traces.values()].map((spans) => spans.length)).toEqual(Array.from({ length: 8 }, () => 3));
  });
});

describe("limits", () => {
  it("stop a loop before the next call of a model", async () => {
    told.provider.queue(SEARCHES, SEARCHES, SEARCHES);
    const agent = createReactAgent({ llm: modelAt(told.provider), tools: [search], name: "researcher" });
    const run = () => limits({ iterations: 2 }, () => agent.invoke(ASKED, traced()));
    await expect(run()).rejects.toMatchObject({ code: "limit_exceeded" });
    expect(told.provider.requests).toHaveLength(2);
    expect(told.spans.get("invoke_agent researcher").attributes["error.type"]).toBe("limit_exceeded");
  });

  it("of tokens hold where only LangChain tells of them", async () => {
    told.provider.queue(ANSWER, ANSWER);
    const graph = oneNode(modelAt(told.provider), "researcher");
    await limits({ tokens: 100 }, async () => {
      await graph.invoke(ASKED, traced());
      await expect(graph.invoke(ASKED, traced())).rejects.toMatchObject({ code: "limit_exceeded" });
    });
    expect(told.provider.requests).toHaveLength(1);
  });

  it("of tools refuse a tool, and the agent is told", async () => {
    told.provider.queue(SEARCHES, ANSWER);
    const agent = createReactAgent({ llm: modelAt(told.provider), tools: [search], name: "researcher" });
    const { messages } = await limits({ toolCalls: 0 }, () => agent.invoke(ASKED, traced()));
    expect(messages.some(({ text }) => text.includes("LimitExceeded") || /limit/i.test(text))).toBe(true);
    expect(told.spans.all("execute_tool search")).toEqual([]);
  });

  it("of costs know what a run has cost", async () => {
    told.provider.queue(ANSWER, ANSWER);
    const graph = oneNode(modelAt(told.provider), "researcher");
    const guard = costGuard({ perRequestUsd: 0.000_02, hourlyUsd: 0.000_04 });
    const run = () => guard.execute(() => graph.invoke(ASKED, traced()));
    await run();
    await expect(run()).rejects.toMatchObject({ code: "budget_exceeded" });
    expect(told.provider.requests).toHaveLength(1);
  });
});
