// Agents, handoffs, guardrails, tools and model calls of the OpenAI Agents SDK in one trace. Nothing in these files sends telemetry: the
// import on the command line does, `node --import agent-otel/register main.ts`.
import * as agents from "@openai/agents";
import { traceOpenAIAgents } from "agent-otel/openai-agents";
import { triage } from "./desk.ts";
import { openProvider } from "./provider.ts";

// Its own traces, with all prompts, would go to OpenAI's servers otherwise.
traceOpenAIAgents(agents, { sendToOpenAI: false });

await using provider = await openProvider();
agents.setDefaultOpenAIClient(provider.openai);

const { finalOutput } = await agents.run(triage, "Warum wurde Otter Ltd zweimal belastet?");
console.log(finalOutput);
