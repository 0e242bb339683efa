import { tool } from "@langchain/core/tools";
import { Command, MessagesAnnotation, Send, START, StateGraph } from "@langchain/langgraph";
import { createReactAgent } from "@langchain/langgraph/prebuilt";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { agentOtelHandler } from "../../../src/frameworks/langchain/index.ts";
import { FIRST, SECOND } from "../support/scene.ts";
import { watched } from "./support.ts";
import { ASKED, modelAt, twoAgents } from "./team.ts";

const told = watched();
const traced = () => ({ callbacks: [agentOtelHandler()] });
const silent = async () => ({ messages: [] });
const callerOf = (name: string) => told.spans.get(`invoke_agent ${name}`).attributes["gen_ai.caller.name"];

describe("a handoff of LangGraph", () => {
  it("of a transfer tool is a handoff, not a tool, and nothing of it has failed", async () => {
    told.provider.queue(
      { toolCalls: [{ name: "transfer_to_billing", arguments: {} }], usage: FIRST },
      { text: "Once.", usage: SECOND },
    );
    await twoAgents(modelAt(told.provider), "triage", "billing").invoke(ASKED, traced());
    expect(told.tree()).toEqual([
      "invoke_workflow desk",
      "  invoke_agent triage",
      "    chat gpt-4o-mini",
      "    execute_tool transfer_to_billing billing",
      "  invoke_agent billing",
      "    chat gpt-4o-mini",
    ]);
    expect(told.spans.spans.filter(({ attributes }) => "error.type" in attributes)).toEqual([]);
    expect(callerOf("billing")).toBe("triage");
  });

  it("of a tool with a name of its own is known by the command that it returns", async () => {
    told.provider.queue({ toolCalls: [{ name: "escalate", arguments: {} }], usage: FIRST });
    const escalate = tool(async () => new Command({ goto: "Senior Clerk", graph: Command.PARENT }), {
      name: "escalate",
      schema: z.object({}),
    });
    await new StateGraph(MessagesAnnotation)
      .addNode("clerk", createReactAgent({ llm: modelAt(told.provider), tools: [escalate], name: "clerk" }), {
        ends: ["Senior Clerk"],
      })
      .addNode("Senior Clerk", silent)
      .addEdge(START, "clerk")
      .compile({ name: "desk" })
      .invoke(ASKED, traced());
    expect(told.spans.get("execute_tool escalate").attributes).toMatchObject({
      "gen_ai.transfer.target.name": "Senior Clerk",
      "gen_ai.transfer.mode": "pass_control",
    });
    expect(callerOf("Senior Clerk")).toBe("clerk");
  });

  it("of a node is known by the command with which it ends", async () => {
    await new StateGraph(MessagesAnnotation)
      .addNode("triage", async () => new Command({ goto: ["billing", new Send("refunds", ASKED)] }), {
        ends: ["billing", "refunds"],
      })
      .addNode("billing", silent)
      .addNode("refunds", silent)
      .addEdge(START, "triage")
      .compile({ name: "desk" })
      .invoke(ASKED, traced());
    expect(told.spans.all(/^execute_tool transfer_to/).map(({ name }) => name)).toEqual([
      "execute_tool transfer_to_billing billing",
      "execute_tool transfer_to_refunds refunds",
    ]);
    expect([callerOf("billing"), callerOf("refunds")]).toEqual(["triage", "triage"]);
  });

  it("is no handoff where the graph itself leads from node to node, or to its end", async () => {
    await new StateGraph(MessagesAnnotation)
      .addNode("triage", silent)
      .addNode("billing", async () => new Command({ goto: "__end__" }), { ends: ["__end__"] })
      .addEdge(START, "triage")
      .addEdge("triage", "billing")
      .compile({ name: "desk" })
      .invoke(ASKED, traced());
    expect(told.tree()).toEqual(["invoke_workflow desk", "  invoke_agent triage", "  invoke_agent billing"]);
    expect(callerOf("billing")).toBe("desk");
  });

  it("goes from a node of a subgraph to one of the graph around", async () => {
    const inner = new StateGraph(MessagesAnnotation)
      .addNode("clerk", async () => new Command({ goto: "billing", graph: Command.PARENT }))
      .addEdge(START, "clerk")
      .compile({ name: "front" });
    await new StateGraph(MessagesAnnotation)
      .addNode("front", inner, { ends: ["billing"] })
      .addNode("billing", silent)
      .addEdge(START, "front")
      .compile({ name: "desk" })
      .invoke(ASKED, { callbacks: [agentOtelHandler({ agents: ["clerk", "billing"] })] });
    expect(told.spans.all(/^execute_tool transfer_to/)).toHaveLength(1);
    expect(callerOf("billing")).toBe("clerk");
  });
});
