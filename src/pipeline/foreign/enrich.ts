import type { Attributes } from "@opentelemetry/api";
import type { Span } from "@opentelemetry/sdk-trace";
import { isModelOperation } from "../../agent/call-record.ts";
import { boundSpanName, boundValues } from "../../agent/content/attribute-limits.ts";
import type { Scope } from "../../agent/scope.ts";
import { addCaller } from "../../agent/scope-attributes.ts";
import * as names from "../../telemetry/semconv.ts";
import type { Told } from "./nest.ts";
import { calledAgentOf, calledToolOf, calledWorkflowOf, operationOf } from "./operation.ts";
import { addModelCall, readModelCall } from "./usage.ts";

/** Anthropic's client: its calls are named after the method, and its tool loop says `invoke_agent` without an agent. */
const ANTHROPIC_SCOPE = "com.anthropic.sdk.typescript";

/**
 * Writes operation, agent, caller, usage in the newest names, and cost on a span that another instrumentation made.
 *
 * @param repeats Asked for a model call: whether another span has told of it. Then this one is none.
 */
export function enrichForeignSpan(
  span: Span,
  scope: Scope | undefined,
  repeats: (told: Told) => boolean,
): void {
  const { attributes } = span;
  const operation = operationOf(span);
  if (operation === undefined) return;
  const added: Attributes = {};
  let repeated = false;
  if (isModelOperation(operation)) {
    const call = readModelCall(span);
    const { usage, responseModel, requestModel } = call;
    const tokens = usage === undefined ? undefined : ([usage.input, usage.output] as const);
    repeated = repeats({ operation, model: responseModel ?? requestModel, tokens });
    if (repeated) withdrawCall(span);
    else addModelCall(added, call, attributes);
  }
  if (!repeated && attributes[names.ATTR_OPERATION] !== operation) added[names.ATTR_OPERATION] = operation;
  addPlace(added, span, operation, scope);
  if (Object.keys(added).length > 0) span.setAttributes(boundValues(added));
  if (!repeated) rename(span, operation);
}

/**
 * Takes back that a span is the call of a model. Its tokens stay, they are the user's; but nobody who counts calls or sums cost
 * finds it: neither we, nor the collector, nor who receives it. The API can set attributes, not remove them.
 */
export function withdrawCall({ attributes }: Span): void {
  const own = attributes as Record<string, unknown>;
  for (const name of [
    names.ATTR_OPERATION,
    names.ATTR_COST_AMOUNT,
    names.ATTR_COST_CURRENCY,
    names.ATTR_COST_SOURCE,
  ]) {
    delete own[name];
  }
}

/** Whose work it is, and what was called. */
function addPlace(added: Attributes, span: Span, operation: string, scope: Scope | undefined): void {
  const { attributes } = span;
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined && !(name in attributes)) added[name] = value;
  };
  add(names.ATTR_CONVERSATION_ID, scope?.conversation);
  if (operation === names.OP_INVOKE_AGENT || operation === names.OP_INVOKE_WORKFLOW) {
    if (!(names.ATTR_CALLER_NAME in attributes)) addCaller(added, scope);
    if (operation === names.OP_INVOKE_AGENT) add(names.ATTR_AGENT_NAME, calledAgentOf(span));
    else add(names.ATTR_WORKFLOW_NAME, calledWorkflowOf(span));
    return;
  }
  add(names.ATTR_AGENT_NAME, scope?.agent);
  if (operation === names.OP_EXECUTE_TOOL) add(names.ATTR_TOOL_NAME, calledToolOf(span));
}

/** `anthropic.messages.create` says nothing that the conventions' `chat {model}` does not say better. */
function rename(span: Span, operation: string): void {
  if (span.instrumentationScope.name !== ANTHROPIC_SCOPE || !isModelOperation(operation)) return;
  const model = span.attributes[names.ATTR_REQUEST_MODEL];
  span.updateName(typeof model === "string" ? boundSpanName(`${operation} ${model}`) : operation);
}
