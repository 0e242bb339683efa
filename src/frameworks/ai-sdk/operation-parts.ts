import type { Call } from "../../agent/call.ts";
import { openAgent } from "../../agent/told/told-calls.ts";
import { isAgentError } from "../../errors/agent-error.ts";
import { field, text } from "../../instrumentation/fields.ts";
import { showsInputs } from "./kept-back.ts";
import { requestSettings } from "./model-request.ts";
import type { OperationParts } from "./operation.ts";

/** Operations in which a model decides what comes next; the others are single calls of a model. */
const AGENTS: ReadonlySet<string> = new Set([
  "ai.generateText",
  "ai.streamText",
  "ai.generateObject",
  "ai.streamObject",
]);

/** What the start of an operation says of it. */
export function operationParts(
  event: unknown,
  agentName: (functionId: string) => string | undefined,
): OperationParts {
  const kind = text(event, "operationId") ?? "";
  const functionId = text(event, "functionId");
  const name = functionId === undefined || !AGENTS.has(kind) ? undefined : agentName(functionId);
  return {
    agent: name === undefined ? undefined : agentOf(name, event),
    settings: requestSettings(event),
    streams: kind.startsWith("ai.stream"),
  };
}

function agentOf(name: string, event: unknown): Call | undefined {
  const tools = field(event, "tools");
  try {
    return openAgent(name, {
      args: [asked(event)],
      ...(typeof tools === "object" && tools !== null ? { tools: Object.keys(tools) } : {}),
    });
  } catch (error) {
    // The AI SDK drops what is thrown here; its first model call is refused for the same reason.
    if (isAgentError(error)) return undefined;
    throw error;
  }
}

/** Tells one call of an agent from another, for detectors of repeated steps. Kept back, all would look the same. */
function asked(event: unknown): unknown {
  if (!showsInputs(event)) return field(event, "callId");
  const [instructions, prompt, messages] = ["instructions", "prompt", "messages"].map((name) =>
    field(event, name),
  );
  return { instructions: instructions ?? field(event, "system"), prompt, messages };
}
