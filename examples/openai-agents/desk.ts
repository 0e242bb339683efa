// A support desk in the OpenAI Agents SDK. Nothing in here knows of agent-otel.
import { Agent, type InputGuardrail, tool } from "@openai/agents";
import { z } from "zod";

const model = "gpt-4o-mini";

const findInvoices = tool({
  name: "find_invoices",
  description: "Lists the invoices of a customer.",
  parameters: z.object({ customer: z.string() }),
  execute: async ({ customer }) => `${customer}: one invoice over 12 EUR, paid twice`,
});

/** Nobody is to send card numbers by chat. */
const noCardNumbers: InputGuardrail = {
  name: "no card numbers",
  execute: async ({ input }) => ({
    tripwireTriggered: /\b\d{16}\b/.test(JSON.stringify(input)),
    outputInfo: {},
  }),
};

const translator = new Agent({ name: "translator", instructions: "Translate to German.", model });

const billing = new Agent({
  name: "billing",
  instructions: "Answer questions about invoices. Answer in the language of the customer.",
  model,
  tools: [
    findInvoices,
    translator.asTool({ toolName: "translate", toolDescription: "Translates an answer to German." }),
  ],
});

/** Hands over to `billing`, which looks invoices up and has its answer translated by a third agent. */
export const triage = Agent.create({
  name: "triage",
  instructions: "Hand over to whoever can answer.",
  model,
  handoffs: [billing],
  inputGuardrails: [noCardNumbers],
});
