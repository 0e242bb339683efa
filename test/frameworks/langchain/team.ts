import { tool } from "@langchain/core/tools";
import { Command, END, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { createReactAgent } from "@langchain/langgraph/prebuilt";
import { ChatOpenAI } from "@langchain/openai";
import { z } from "zod";
import type { ScriptedProvider } from "../../../src/testing/scripted-provider.ts";
import { MODEL, SEARCH } from "../support/scene.ts";

export const ASKED = { messages: [{ role: "user", content: "Otters?" }] };

export function modelAt(provider: ScriptedProvider, more: { readonly maxRetries?: number } = {}): ChatOpenAI {
  return new ChatOpenAI({
    model: MODEL,
    apiKey: "none",
    maxRetries: 0,
    ...more,
    configuration: { baseURL: provider.openaiBaseUrl },
  });
}

type State = typeof MessagesAnnotation.State;

/** A graph of one node, which asks the model. */
export function oneNode(model: ChatOpenAI, node: string) {
  const ask = async ({ messages }: State) => ({ messages: [await model.invoke(messages)] });
  return new StateGraph(MessagesAnnotation)
    .addNode(node, ask)
    .addEdge(START, node)
    .addEdge(node, END)
    .compile({ name: "team" });
}

export const search = tool(async ({ query }: { query: string }) => `pages about ${query}`, {
  name: SEARCH,
  description: "Looks something up.",
  schema: z.object({ query: z.string() }),
});

/** As langgraph-swarm and langgraph-supervisor make theirs. */
export function transferTo(node: string) {
  return tool(async () => new Command({ goto: node, graph: Command.PARENT, update: { messages: [] } }), {
    name: `transfer_to_${node}`,
    description: `Hands over to ${node}.`,
    schema: z.object({}),
  });
}

/** Two prebuilt agents, the first of which may hand over to the second. */
export function twoAgents(model: ChatOpenAI, first: string, second: string) {
  return new StateGraph(MessagesAnnotation)
    .addNode(first, createReactAgent({ llm: model, tools: [transferTo(second)], name: first }), {
      ends: [second],
    })
    .addNode(second, createReactAgent({ llm: model, tools: [], name: second }))
    .addEdge(START, first)
    .compile({ name: "desk" });
}
