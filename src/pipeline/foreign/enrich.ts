import type { Attributes } from "@opentelemetry/api";
import type { Span } from "@opentelemetry/sdk-trace";
import { isModelOperation } from "../../agent/call-record.ts";
import { boundSpanName, boundValues } from "../../agent/content/attribute-limits.ts";
import { addPlace } from "../../agent/foreign/add-place.ts";
import { operationOf } from "../../agent/foreign/operation.ts";
import { type Told, toldOf } from "../../agent/foreign/told.ts";
import { addModelCall, CALL_NAMES, type ForeignModelCall, readModelCall } from "../../agent/foreign/usage.ts";
import type { Scope } from "../../agent/scope.ts";
import * as names from "../../telemetry/semconv.ts";

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
    const call = readModelCall(span, span.instrumentationScope.name);
    repeated = repeats(toldOf(operation, call));
    if (repeated) withdrawCall(span);
    else addCounted(added, call, attributes);
  }
  if (!repeated && attributes[names.ATTR_OPERATION] !== operation) added[names.ATTR_OPERATION] = operation;
  addPlace(added, span, operation, scope);
  if (Object.keys(added).length > 0) span.setAttributes(boundValues(added));
  if (!repeated) rename(span, operation);
}

/** The mark tells who receives the span that it is read already: in its dialect the input may have no cached tokens in it. */
function addCounted(added: Attributes, call: ForeignModelCall, attributes: Attributes): void {
  addModelCall(added, call, attributes);
  added[names.ATTR_CALL_COUNTED] = true;
}

/**
 * Takes back that a span is the call of a model. Its tokens stay, they are the user's; but nobody who counts calls or sums cost
 * finds it: neither we, nor the collector, nor who receives it. The API can set attributes, not remove them.
 */
export function withdrawCall({ attributes }: Span): void {
  const own = attributes as Record<string, unknown>;
  for (const name of CALL_NAMES) delete own[name];
  own[names.ATTR_CALL_COUNTED] = false;
}

/** `anthropic.messages.create` says nothing that the conventions' `chat {model}` does not say better. */
function rename(span: Span, operation: string): void {
  if (span.instrumentationScope.name !== ANTHROPIC_SCOPE || !isModelOperation(operation)) return;
  const model = span.attributes[names.ATTR_REQUEST_MODEL];
  span.updateName(typeof model === "string" ? boundSpanName(`${operation} ${model}`) : operation);
}
