import type { Attributes, AttributeValue } from "@opentelemetry/api";
import type { Span } from "@opentelemetry/sdk-trace";
import { isModelOperation } from "../agent/call-record.ts";
import type { Scope } from "../agent/scope.ts";
import { addCaller } from "../agent/scope-attributes.ts";
import { estimateCost } from "../cost/estimate-cost.ts";
import { readSpanUsage } from "../cost/readers/span-attributes.ts";
import * as names from "../telemetry/semconv.ts";

/** Anthropic's client: its calls are named after the method, and its tool loop says `invoke_agent` without an agent. */
const ANTHROPIC_SCOPE = "com.anthropic.sdk.typescript";

/** Writes agent, caller, usage in the newest names, and cost on a span that another instrumentation made. */
export function enrichForeignSpan(span: Span, scope: Scope | undefined): void {
  const { attributes } = span;
  const operation = attributes[names.ATTR_OPERATION];
  if (typeof operation !== "string") return;
  const added: Attributes = {};
  if (scope?.conversation !== undefined && !(names.ATTR_CONVERSATION_ID in attributes)) {
    added[names.ATTR_CONVERSATION_ID] = scope.conversation;
  }
  if (operation === names.OP_INVOKE_AGENT) {
    if (!(names.ATTR_CALLER_NAME in attributes)) addCaller(added, scope);
  } else if (scope?.agent !== undefined && !(names.ATTR_AGENT_NAME in attributes)) {
    added[names.ATTR_AGENT_NAME] = scope.agent;
  }
  if (isModelOperation(operation)) addUsageAndCost(span, added);
  if (Object.keys(added).length > 0) span.setAttributes(added);
  rename(span, operation);
}

function addUsageAndCost(span: Span, added: Attributes): void {
  const { attributes } = span;
  const provider = attributes[names.ATTR_PROVIDER] ?? attributes["gen_ai.system"];
  if (typeof provider === "string" && !(names.ATTR_PROVIDER in attributes))
    added[names.ATTR_PROVIDER] = provider;
  const inputIncludesCache = !leavesCacheOut(span, provider);
  const usage = readSpanUsage(attributes, { inputIncludesCache });
  if (usage === undefined) return;
  if (!inputIncludesCache) added[names.ATTR_USAGE_INPUT] = usage.input;
  const { cacheWrite5m, cacheWrite1h } = usage;
  const written =
    cacheWrite5m === undefined && cacheWrite1h === undefined
      ? undefined
      : (cacheWrite5m ?? 0) + (cacheWrite1h ?? 0);
  const counts: readonly (readonly [string, number | undefined])[] = [
    [names.ATTR_USAGE_INPUT, usage.input],
    [names.ATTR_USAGE_OUTPUT, usage.output],
    [names.ATTR_USAGE_CACHE_READ, usage.cacheRead],
    [names.ATTR_USAGE_CACHE_WRITE, written],
    [names.ATTR_USAGE_REASONING, usage.reasoning],
  ];
  for (const [name, count] of counts) {
    if (count !== undefined && !(name in attributes)) added[name] = count;
  }
  if (names.ATTR_COST_AMOUNT in attributes) return;
  const requestModel = text(attributes[names.ATTR_REQUEST_MODEL]);
  const model = text(attributes[names.ATTR_RESPONSE_MODEL]) ?? requestModel;
  if (model === undefined) return;
  const cost = estimateCost({ provider: text(provider), model, requestModel, usage });
  if (cost === undefined) return;
  added[names.ATTR_COST_AMOUNT] = cost / 1e9;
  added[names.ATTR_COST_CURRENCY] = "USD";
  added[names.ATTR_COST_SOURCE] = "local";
}

/** openlit and OpenLLMetry report Anthropic's own count of input, which has no cached tokens in it. */
function leavesCacheOut(span: Span, provider: AttributeValue | undefined): boolean {
  return (
    /openlit|traceloop/i.test(span.instrumentationScope.name) &&
    typeof provider === "string" &&
    provider.toLowerCase() === "anthropic"
  );
}

function text(value: AttributeValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** `anthropic.messages.create` says nothing that the conventions' `chat {model}` does not say better. */
function rename(span: Span, operation: string): void {
  if (span.instrumentationScope.name !== ANTHROPIC_SCOPE || !isModelOperation(operation)) return;
  const model = span.attributes[names.ATTR_REQUEST_MODEL];
  span.updateName(typeof model === "string" ? `${operation} ${model}` : operation);
}
