import type { Attributes } from "@opentelemetry/api";
import { callRecord, isModelOperation } from "../../../agent/call-record.ts";
import { addUsage } from "../../../agent/model-call-cost.ts";
import { estimateCost } from "../../../cost/estimate-cost.ts";
import { providerOfModel } from "../../../cost/provider-of-model.ts";
import { readSpanUsage, SPAN_PROVIDER_NAMES } from "../../../cost/readers/span-attributes.ts";
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
  /** `undefined`: no finished call of a model, an agent, a tool or a workflow. */
  readonly record: CallRecord | undefined;
}

/**
 * What a span that arrived says of a call. Of other generations of the GenAI conventions the usage is read into the newest names; a
 * model call without a cost gets that of the price list, and where that has none it stays unknown.
 *
 * @param startUs When it began, microseconds since the epoch.
 */
export function callOfSpan(span: TraceSpan, startUs: number): KeptSpan {
  const given = span.attributes;
  const operation = given[names.ATTR_OPERATION];
  if (operation === undefined || span.endNs === undefined) return { attributes: given, record: undefined };
  const startMs = startUs / 1e3;
  const attributes = isModelOperation(operation) ? completed(given, startMs) : given;
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

function completed(given: PlainAttributes, startMs: number): PlainAttributes {
  const hasUsage = typeof given[names.ATTR_USAGE_INPUT] === "number";
  if (hasUsage && names.ATTR_COST_AMOUNT in given) return given;
  const usage = readSpanUsage(given);
  if (usage === undefined) return given;
  const added: Attributes = {};
  if (!hasUsage) addUsage(added, usage);
  const requestModel = text(given[names.ATTR_REQUEST_MODEL]);
  const model = text(given[names.ATTR_RESPONSE_MODEL]) ?? requestModel;
  const provider = providerOf(given) ?? (model === undefined ? undefined : providerOfModel(model));
  if (provider !== undefined && !(names.ATTR_PROVIDER in given)) added[names.ATTR_PROVIDER] = provider;
  if (!(names.ATTR_COST_AMOUNT in given) && model !== undefined) {
    const cost = estimateCost({ provider, model, requestModel, usage, atMs: startMs });
    if (cost !== undefined) {
      added[names.ATTR_COST_AMOUNT] = cost / 1e9;
      added[names.ATTR_COST_CURRENCY] = "USD";
      added[names.ATTR_COST_SOURCE] = "local";
    }
  }
  return { ...given, ...added };
}

function providerOf(given: PlainAttributes): string | undefined {
  for (const name of SPAN_PROVIDER_NAMES) {
    const said = text(given[name]);
    if (said !== undefined) return said;
  }
  return undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
