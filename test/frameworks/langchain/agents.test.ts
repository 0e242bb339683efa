import { RunnableLambda } from "@langchain/core/runnables";
import { tool as langchainTool } from "@langchain/core/tools";
import { entrypoint, MessagesAnnotation, START, StateGraph, task } from "@langchain/langgraph";
import { createReactAgent, ToolNode } from "@langchain/langgraph/prebuilt";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { recordUsage } from "../../../src/agent/record-usage.ts";
import { agentOtelHandler, type LangChainOptions } from "../../../src/frameworks/langchain/index.ts";
import { agent, tool } from "../../../src/index.ts";
import { FIRST, SECOND } from "../support/scene.ts";
import { watched } from "./support.ts";
import { ASKED, modelAt, oneNode, search } from "./team.ts";

const told = watched();
const traced = (options: LangChainOptions = {}) => ({ callbacks: [agentOtelHandler(options)] });
const silent = async () => ({ messages: [] });
const ANSWER = { text: "They hold hands.", usage: FIRST };
const SEARCHES = { toolCalls: [{ name: "search", arguments: { query: "otters" } }], usage: FIRST };

describe("which parts of a LangChain program are agents", () => {
  const two = () =>
    new StateGraph(MessagesAnnotation)
      .addNode("researcher", silent)
      .addNode("writer", silent)
      .addEdge(START, "researcher")
      .addEdge("researcher", "writer")
      .compile({ name: "newsroom" });

  it("takes a graph for a workflow and its nodes for agents", async () => {
    await two().invoke(ASKED, traced());
    expect(told.tree()).toEqual([
      "invoke_workflow newsroom",
      "  invoke_agent researcher",
      "  invoke_agent writer",
    ]);
  });

  it("takes only those that are named", async () => {
    await two().invoke(ASKED, traced({ agents: ["writer"] }));
    expect(told.tree()).toEqual(["invoke_workflow newsroom", "  invoke_agent writer"]);
  });

  it("takes a graph that is named for one agent", async () => {
    await two().invoke(ASKED, traced({ agents: ["newsroom"] }));
    expect(told.tree()).toEqual(["invoke_agent newsroom"]);
  });

  it("asks a function, and holds to the default where it has no opinion", async () => {
    await two().invoke(ASKED, traced({ agents: ({ name }) => (name === "writer" ? false : undefined) }));
    expect(told.tree()).toEqual(["invoke_workflow newsroom", "  invoke_agent researcher"]);
  });

  it("holds to the default where the function throws", async () => {
    const agents = () => {
      throw new Error("no");
    };
    await two().invoke(ASKED, traced({ agents }));
    expect(told.tree()).toHaveLength(3);
  });

  it.each([
    [{ agents: "writer" as never }, /agents must be a list/],
    [{ agents: [""] }, /agents: name must not be empty/],
    [{ capture: 1 as never }, /capture must be true or false/],
  ])("refuses the unfit options %j", (options, message) => {
    expect(() => agentOtelHandler(options)).toThrow(message);
  });

  it("takes a prebuilt agent for one agent, with its tools", async () => {
    told.provider.queue(SEARCHES, ANSWER);
    const researcher = createReactAgent({ llm: modelAt(told.provider), tools: [search], name: "researcher" });
    await researcher.invoke(ASKED, traced());
    expect(told.tree()).toEqual([
      "invoke_agent researcher",
      "  chat gpt-4o-mini",
      "  execute_tool search",
      "  chat gpt-4o-mini",
    ]);
  });

  it("takes a node that is a prebuilt agent for one agent, not two", async () => {
    told.provider.queue(ANSWER);
    await new StateGraph(MessagesAnnotation)
      .addNode("researcher", createReactAgent({ llm: modelAt(told.provider), tools: [] }))
      .addEdge(START, "researcher")
      .compile({ name: "newsroom" })
      .invoke(ASKED, traced());
    expect(told.tree()).toEqual([
      "invoke_workflow newsroom",
      "  invoke_agent researcher",
      "    chat gpt-4o-mini",
    ]);
  });

  it("calls a loop without a name after the node around it, or else agent", async () => {
    told.provider.queue(ANSWER);
    await oneNode(modelAt(told.provider), "agent").invoke(ASKED, { ...traced(), runName: "LangGraph" });
    expect(told.tree()).toEqual(["invoke_agent agent", "  chat gpt-4o-mini"]);
  });

  it("knows whose tools a node of tools runs", async () => {
    told.provider.queue(SEARCHES);
    const model = modelAt(told.provider).bindTools([search]);
    await new StateGraph(MessagesAnnotation)
      .addNode("researcher", async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
      .addNode("tools", new ToolNode([search]))
      .addEdge(START, "researcher")
      .addEdge("researcher", "tools")
      .compile({ name: "newsroom" })
      .invoke(ASKED, traced());
    expect(told.spans.get("execute_tool search").attributes["gen_ai.agent.name"]).toBe("researcher");
    expect(told.tree()).toHaveLength(4);
  });

  it("passes chains through, but those that are named as agents", async () => {
    told.provider.queue(ANSWER, ANSWER);
    const model = modelAt(told.provider);
    const chain = RunnableLambda.from((text: string) => text).pipe(model);
    await chain.invoke("Otters?", traced({ agents: ["summarizer"] }));
    await chain.invoke("Otters?", { ...traced({ agents: ["summarizer"] }), runName: "summarizer" });
    expect(told.tree()).toEqual(["chat gpt-4o-mini", "invoke_agent summarizer", "  chat gpt-4o-mini"]);
  });

  it("takes a functional entrypoint for a workflow and its tasks for agents", async () => {
    const write = task("writer", async (text: string) => text);
    const flow = entrypoint({ name: "newsroom" }, async (text: string) => write(text));
    await flow.invoke("Otters?", traced());
    expect(told.tree()).toEqual(["invoke_workflow newsroom", "  invoke_agent writer"]);
  });
});

describe("nesting", () => {
  it("knows the agent that calls another one as a tool", async () => {
    told.provider.queue(
      { toolCalls: [{ name: "ask_expert", arguments: {} }], usage: FIRST },
      { text: "Yes.", usage: SECOND },
      ANSWER,
    );
    const llm = modelAt(told.provider);
    const expert = createReactAgent({ llm, tools: [], name: "expert" });
    const askExpert = langchainTool(async () => (await expert.invoke(ASKED)).messages.at(-1)?.text ?? "", {
      name: "ask_expert",
      schema: z.object({}),
    });
    await createReactAgent({ llm, tools: [askExpert], name: "planner" }).invoke(ASKED, traced());
    expect(told.tree()).toEqual([
      "invoke_agent planner",
      "  chat gpt-4o-mini",
      "  execute_tool ask_expert",
      "    invoke_agent expert",
      "      chat gpt-4o-mini",
      "  chat gpt-4o-mini",
    ]);
    expect(told.spans.get("invoke_agent expert").attributes).toMatchObject({
      "gen_ai.caller.name": "planner",
      "agents.own.tokens": 225,
    });
    expect(told.spans.get("invoke_agent planner").attributes).toMatchObject({
      "agents.own.tokens": 300,
      "agents.subtree.tokens": 525,
    });
  });

  it("is inside of an agent of the program, and has the program's agents inside", async () => {
    const inner = agent("inner", () => recordUsage({ model: "gpt-4o", inputTokens: 7, outputTokens: 3 }));
    const look = langchainTool(async () => String(inner()), { name: "look", schema: z.object({}) });
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("researcher", async () => {
        await look.invoke({});
        return { messages: [] };
      })
      .addEdge(START, "researcher")
      .compile({ name: "newsroom" });
    await agent("outer", () => graph.invoke(ASKED, traced()))();
    expect(told.tree()).toEqual([
      "invoke_agent outer",
      "  invoke_workflow newsroom",
      "    invoke_agent researcher",
      "      execute_tool look",
      "        invoke_agent inner",
      "          chat gpt-4o",
    ]);
    expect(told.spans.get("invoke_agent outer").attributes["agents.subtree.tokens"]).toBe(10);
  });

  it("is inside of what the program does inside of a node", async () => {
    const graph = oneNode(modelAt(told.provider), "writer");
    told.provider.queue(ANSWER);
    const outer = new StateGraph(MessagesAnnotation)
      .addNode("editor", () => tool("delegate", () => graph.invoke(ASKED))())
      .addEdge(START, "editor")
      .compile({ name: "newsroom" });
    await outer.invoke(ASKED, traced());
    expect(told.tree()).toEqual([
      "invoke_workflow newsroom",
      "  invoke_agent editor",
      "    execute_tool delegate",
      "      invoke_workflow team",
      "        invoke_agent writer",
      "          chat gpt-4o-mini",
    ]);
  });

  it("keeps several turns apart", async () => {
    told.provider.queue(ANSWER, ANSWER);
    const graph = oneNode(modelAt(told.provider), "researcher");
    const { messages } = await graph.invoke(ASKED, traced());
    await graph.invoke({ messages: [...messages, { role: "user", content: "Why?" }] }, traced());
    expect(new Set(told.spans.spans.map(({ traceId }) => traceId)).size).toBe(2);
  });
});
