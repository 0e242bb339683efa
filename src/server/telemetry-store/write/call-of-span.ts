import type { Attributes } from "@opentelemetry/api";
import { callRecord, isModelOperation } from "../../../agent/call-record.ts";
import type { ArrivedSpans } from "../../../agent/foreign/arrived-spans.ts";
import { foreignAttributes } from "../../../agent/foreign/foreign-attributes.ts";
import { estimateCost } from "../../../cost/estimate-cost.ts";
import { providerOfModel } from "../../../cost/provider-of-model.ts";
import { readSpanUsage } from "../../../cost/readers/span-attributes.ts";
import type { CallRecord } from "../../../telemetry/call-record.ts";
import * as names from "../../../telemetry/semconv.ts";
import { isFailed, type TraceSpan } from "../../../telemetry/trace-span.ts";
import type { PlainAttributes } from "../telemetry-batch.ts";

const NANOS_PER_MS = 1e6;
/** Sums of larger ones would not be exact, and nobody was charged as much. */
const MOST_NANO_USD = Number.MAX_SAFE_INTEGER;

/** A span as it is kept. */
export interface KeptSpan {
  /** With usage in the newest names and with the cost, where the span lacked them and they can be told. */
  readonly attributes: PlainAttributes;
  /** `undefined`: no finished call of a model, an agent, a tool or a workflow, or one that another span tells of. */
  readonly record: CallRecord | undefined;
}

/**
 * What a span that arrived says of a call. Spans of other instrumentations are read as the span processor reads them, in whatever
 * dialect; a model call without a cost gets that of the price list, and where that has none it stays unknown.
 *
 * @param startUs When it began, microseconds since the epoch.
 * @param arrived Has read the request of the span. Without it nothing is known of the spans around: neither whose work a call is, nor
 *   whether another one tells of it.
 */
export function callOfSpan(span: TraceSpan, startUs: number, arrived?: ArrivedSpans): KeptSpan {
  const startMs = startUs / 1e3;
  const attributes =
    span.scope === names.SCOPE_NAME
      ? ourAttributes(span, startMs)
      : foreignAttributes(span, startMs, arrived?.callOf(span));
  if (attributes === undefined || span.endNs === undefined)
    return { attributes: attributes ?? span.attributes, record: undefined };
  const told = callRecord(attributes as Attributes, {
    startMs,
    durationMs: Math.max(0, Number(span.endNs - span.startNs) / NANOS_PER_MS),
    failed: isFailed(span),
    traceId: span.traceId,
    spanId: span.spanId,
  });
  const record = (told?.costNanoUsd ?? 0) > MOST_NANO_USD ? withoutCost(told) : told;
  // An agent call needs an agent: the tool loop of Anthropic's client calls itself one and names none.
  const nobody = record?.operation === names.OP_INVOKE_AGENT && record.agent === undefined;
  return { attributes, record: nobody ? undefined : record };
}

function withoutCost(record: CallRecord | undefined): CallRecord | undefined {
  return record && { ...record, costNanoUsd: undefined, costSource: undefined };
}

/** @returns `undefined` where it is no call. */
function ourAttributes({ attributes }: TraceSpan, startMs: number): PlainAttributes | undefined {
  const operation = attributes[names.ATTR_OPERATION];
  if (operation === undefined) return undefined;
  return isModelOperation(operation) ? priced(inNewestNames(attributes), startMs) : attributes;
}

/** A program may export the names of v1.41 alone. */
function inNewestNames(given: PlainAttributes): PlainAttributes {
  const written = given[names.V141_ATTR_USAGE_CACHE_CREATION];
  if (written === undefined || names.ATTR_USAGE_CACHE_WRITE in given) return given;
  return { ...given, [names.ATTR_USAGE_CACHE_WRITE]: written };
}

function priced(given: PlainAttributes, startMs: number): PlainAttributes {
  if (names.ATTR_COST_AMOUNT in given) return given;
  const usage = readSpanUsage(given);
  const requestModel = text(given[names.ATTR_REQUEST_MODEL]);
  const model = text(given[names.ATTR_RESPONSE_MODEL]) ?? requestModel;
  if (usage === undefined || model === undefined) return given;
  const provider = text(given[names.ATTR_PROVIDER]) ?? providerOfModel(model);
  const cost = estimateCost({ provider, model, requestModel, usage, atMs: startMs });
  if (cost === undefined) return given;
  return {
    ...given,
    [names.ATTR_COST_AMOUNT]: cost / 1e9,
    [names.ATTR_COST_CURRENCY]: "USD",
    [names.ATTR_COST_SOURCE]: "local",
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
