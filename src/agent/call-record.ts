import type { Attributes, AttributeValue } from "@opentelemetry/api";
import type { HistogramCell } from "../telemetry/call-metrics/cells.ts";
import type { CallOperation, CallRecord, CallTotals } from "../telemetry/call-record.ts";
import * as names from "../telemetry/semconv.ts";

/** What a span knows beside its attributes. */
export interface CallFacts {
  /** Wall clock, milliseconds since the epoch. */
  readonly startMs: number | undefined;
  readonly durationMs: number | undefined;
  readonly failed: boolean;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  /** Tool calls that an agent made itself; known only in the process where it ran. */
  readonly ownToolCalls?: number | undefined;
  /** Seconds between the pieces of a streamed answer. */
  readonly chunkGaps?: HistogramCell | undefined;
}

const OPERATIONS: ReadonlySet<unknown> = new Set<CallOperation>([
  names.OP_CHAT,
  names.OP_GENERATE_CONTENT,
  names.OP_TEXT_COMPLETION,
  names.OP_EMBEDDINGS,
  names.OP_INVOKE_AGENT,
  names.OP_EXECUTE_TOOL,
  names.OP_INVOKE_WORKFLOW,
  names.OP_PLAN,
]);

const MODEL_OPERATIONS: ReadonlySet<unknown> = new Set<CallOperation>([
  names.OP_CHAT,
  names.OP_GENERATE_CONTENT,
  names.OP_TEXT_COMPLETION,
  names.OP_EMBEDDINGS,
]);

/** Operations with a scope of their own. Model, tool and plan calls work in that of their agent. */
const TOTALLED_OPERATIONS: ReadonlySet<unknown> = new Set<CallOperation>([
  names.OP_INVOKE_AGENT,
  names.OP_INVOKE_WORKFLOW,
]);

/** Whether usage and cost may stand on this operation: on model calls, never on an agent, so that no sum counts twice. */
export function isModelOperation(operation: unknown): boolean {
  return MODEL_OPERATIONS.has(operation);
}

/**
 * Makes the record of a finished call from the attributes of its span, in the newest names of the GenAI conventions. Pure:
 * the same for our calls, for spans that others made, and for spans that arrive over OTLP.
 *
 * @returns `undefined` where the span is no GenAI operation.
 */
export function callRecord(attributes: Attributes, facts: CallFacts): CallRecord | undefined {
  const operation = attributes[names.ATTR_OPERATION];
  if (!OPERATIONS.has(operation)) return undefined;
  const onModel = MODEL_OPERATIONS.has(operation);
  const cost = onModel ? number(attributes[names.ATTR_COST_AMOUNT]) : undefined;
  const errorType = text(attributes[names.ATTR_ERROR_TYPE]);
  const callerType = text(attributes[names.ATTR_CALLER_TYPE]);
  const costSource = text(attributes[names.ATTR_COST_SOURCE]);
  return {
    operation: operation as CallOperation,
    agent: text(attributes[names.ATTR_AGENT_NAME]),
    callerType: callerType === "agent" || callerType === "workflow" ? callerType : undefined,
    caller: text(attributes[names.ATTR_CALLER_NAME]),
    workflow: text(attributes[names.ATTR_WORKFLOW_NAME]),
    tool: text(attributes[names.ATTR_TOOL_NAME]),
    conversation: text(attributes[names.ATTR_CONVERSATION_ID]),
    provider: text(attributes[names.ATTR_PROVIDER]),
    requestModel: text(attributes[names.ATTR_REQUEST_MODEL]),
    responseModel: text(attributes[names.ATTR_RESPONSE_MODEL]),
    inputTokens: onModel ? tokens(attributes[names.ATTR_USAGE_INPUT]) : undefined,
    outputTokens: onModel ? tokens(attributes[names.ATTR_USAGE_OUTPUT]) : undefined,
    cacheReadTokens: onModel ? tokens(attributes[names.ATTR_USAGE_CACHE_READ]) : undefined,
    cacheWriteTokens: onModel ? tokens(attributes[names.ATTR_USAGE_CACHE_WRITE]) : undefined,
    reasoningTokens: onModel ? tokens(attributes[names.ATTR_USAGE_REASONING]) : undefined,
    timeToFirstChunk: onModel ? number(attributes[names.ATTR_TIME_TO_FIRST_CHUNK]) : undefined,
    chunkGaps: facts.chunkGaps,
    costNanoUsd: cost === undefined ? undefined : Math.round(cost * 1e9),
    costSource: costSource === "provider" || costSource === "local" ? costSource : undefined,
    startMs: facts.startMs,
    durationMs: facts.durationMs,
    errorType: errorType ?? (facts.failed ? names.VALUE_OTHER : undefined),
    traceId: facts.traceId,
    spanId: facts.spanId,
    own: onModel
      ? undefined
      : totals(attributes, names.ATTR_OWN_CALLS, names.ATTR_OWN_TOKENS, names.ATTR_OWN_COST),
    subtree: onModel
      ? undefined
      : totals(attributes, names.ATTR_SUBTREE_CALLS, names.ATTR_SUBTREE_TOKENS, names.ATTR_SUBTREE_COST),
    ownToolCalls: TOTALLED_OPERATIONS.has(operation) ? facts.ownToolCalls : undefined,
  };
}

/** Of one call: more than a model could read in years is somebody's mistake, and would spoil every sum that it is in. */
const MOST_TOKENS = 1_000_000_000;

function tokens(value: AttributeValue | undefined): number | undefined {
  const found = count(value);
  return found === undefined || found > MOST_TOKENS ? undefined : found;
}

function totals(attributes: Attributes, calls: string, used: string, cost: string): CallTotals | undefined {
  const made = count(attributes[calls]);
  if (made === undefined) return undefined;
  return {
    calls: made,
    tokens: count(attributes[used]) ?? 0,
    costNanoUsd: Math.round((number(attributes[cost]) ?? 0) * 1e9),
  };
}

function text(value: AttributeValue | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function number(value: AttributeValue | undefined): number | undefined {
  return typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY ? value : undefined;
}

function count(value: AttributeValue | undefined): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}
