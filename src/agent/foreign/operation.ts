import type { Attributes, AttributeValue } from "@opentelemetry/api";
import * as names from "../../telemetry/semconv.ts";
import * as foreign from "./names.ts";
import { firstText, text } from "./text.ts";

/** What a reader needs of a span, open or ended. */
export interface NamedSpan {
  readonly name: string;
  readonly attributes: Attributes;
}

type Table = Readonly<Record<string, string>>;

/** Where other words are used for the conventions' operations. */
const SAID: Table = {
  completion: names.OP_TEXT_COMPLETION,
  embedding: names.OP_EMBEDDINGS,
  embed: names.OP_EMBEDDINGS,
};

const OI_KINDS: Table = {
  LLM: names.OP_CHAT,
  EMBEDDING: names.OP_EMBEDDINGS,
  AGENT: names.OP_INVOKE_AGENT,
  TOOL: names.OP_EXECUTE_TOOL,
};

/** A task is a piece of a function: no call of anything. */
const TRACELOOP_KINDS: Table = {
  agent: names.OP_INVOKE_AGENT,
  tool: names.OP_EXECUTE_TOOL,
  workflow: names.OP_INVOKE_WORKFLOW,
};

const LANGFUSE_TYPES: Table = {
  generation: names.OP_CHAT,
  embedding: names.OP_EMBEDDINGS,
  agent: names.OP_INVOKE_AGENT,
  tool: names.OP_EXECUTE_TOOL,
};

const LLM_REQUEST_TYPES: Table = { ...SAID, chat: names.OP_CHAT };

/** The calls of a model, not the functions around them, which carry the sum of their usage. */
const AI_CALLS: Table = {
  "ai.generateText.doGenerate": names.OP_CHAT,
  "ai.streamText.doStream": names.OP_CHAT,
  "ai.generateObject.doGenerate": names.OP_CHAT,
  "ai.streamObject.doStream": names.OP_CHAT,
  "ai.embed.doEmbed": names.OP_EMBEDDINGS,
  "ai.embedMany.doEmbed": names.OP_EMBEDDINGS,
  "ai.toolCall": names.OP_EXECUTE_TOOL,
};

/** Agents where they have a name, as in the AI SDK's own spans with the conventions' names. */
const AI_AGENTS: Table = {
  "ai.generateText": names.OP_INVOKE_AGENT,
  "ai.streamText": names.OP_INVOKE_AGENT,
  "ai.generateObject": names.OP_INVOKE_AGENT,
  "ai.streamObject": names.OP_INVOKE_AGENT,
};

/** What a span is in the conventions' words, whatever its dialect. `undefined`: no call of a model, an agent or a tool. */
export function operationOf({ attributes }: NamedSpan): string | undefined {
  const said = text(attributes[names.ATTR_OPERATION]);
  if (said !== undefined) return lookUp(SAID, said) ?? said;
  return (
    lookUp(OI_KINDS, attributes[foreign.OI_SPAN_KIND]) ??
    lookUp(TRACELOOP_KINDS, attributes[foreign.TRACELOOP_SPAN_KIND]) ??
    lookUp(LLM_REQUEST_TYPES, attributes[foreign.LLM_REQUEST_TYPE]) ??
    lookUp(LANGFUSE_TYPES, attributes[foreign.LANGFUSE_TYPE]) ??
    aiOperation(attributes)
  );
}

function aiOperation(attributes: Attributes): string | undefined {
  const id = attributes[foreign.AI_OPERATION_ID];
  if (foreign.AI_FUNCTION_ID in attributes) return lookUp(AI_CALLS, id) ?? lookUp(AI_AGENTS, id);
  return lookUp(AI_CALLS, id);
}

function lookUp(table: Table, key: AttributeValue | undefined): string | undefined {
  return typeof key === "string" && Object.hasOwn(table, key) ? table[key] : undefined;
}

/**
 * The name of the agent that a span is the call of. A span that says itself `invoke_agent` and names none has none: the tool
 * loop of Anthropic's client. In OpenInference and Langfuse the span's name is the
 * agent's.
 */
export function calledAgentOf(span: NamedSpan): string | undefined {
  if (operationOf(span) !== names.OP_INVOKE_AGENT) return undefined;
  const { attributes } = span;
  const named = text(attributes[names.ATTR_AGENT_NAME]);
  if (named !== undefined || names.ATTR_OPERATION in attributes) return named;
  return firstText(attributes, foreign.AGENT_NAME) ?? text(span.name);
}

/** The name of the workflow that a span is the run of. */
export function calledWorkflowOf(span: NamedSpan): string | undefined {
  if (operationOf(span) !== names.OP_INVOKE_WORKFLOW) return undefined;
  const { attributes } = span;
  return text(attributes[names.ATTR_WORKFLOW_NAME]) ?? text(attributes[foreign.TRACELOOP_ENTITY_NAME]);
}

export function calledToolOf({ attributes, name }: NamedSpan): string | undefined {
  const named = text(attributes[names.ATTR_TOOL_NAME]);
  if (named !== undefined || names.ATTR_OPERATION in attributes) return named;
  return firstText(attributes, foreign.TOOL_NAME) ?? text(name);
}
