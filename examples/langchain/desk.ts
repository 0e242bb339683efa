import { tool } from "@langchain/core/tools";
import { Command, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { createReactAgent } from "@langchain/langgraph/prebuilt";
import type { ChatOpenAI } from "@langchain/openai";
import { z } from "zod";

const findInvoices = tool(async ({ customer }) => `${customer}: 12 October and 12 November, $40 each`, {
  name: "find_invoices",
  description: "The invoices of a customer.",
  schema: z.object({ customer: z.string() }),
});

/** As langgraph-swarm and langgraph-supervisor make theirs. */
const transferToBilling = tool(
  async () => new Command({ goto: "billing", graph: Command.PARENT, update: { messages: [] } }),
  { name: "transfer_to_billing", description: "Hands over to billing.", schema: z.object({}) },
);

/** `triage` hands over to `billing`, which looks invoices up; `writer` makes an answer of that. */
export function makeDesk(model: ChatOpenAI) {
  const triage = createReactAgent({ llm: model, tools: [transferToBilling], name: "triage" });
  const billing = createReactAgent({ llm: model, tools: [findInvoices], name: "billing" });
  return new StateGraph(MessagesAnnotation)
    .addNode("triage", triage, { ends: ["billing"] })
    .addNode("billing", billing)
    .addNode("writer", async ({ messages }) => {
      const facts = messages.at(-1)?.text ?? "";
      return { messages: [await model.invoke(`Write a friendly answer: ${facts}`)] };
    })
    .addEdge(START, "triage")
    .addEdge("billing", "writer")
    .compile({ name: "support-desk" });
}
