import { estimateCost } from "../../../src/cost/estimate-cost.ts";
import type { TokenUsage } from "../../../src/cost/token-usage.ts";
import * as names from "../../../src/telemetry/semconv.ts";
import { isFailed, type TraceSpan } from "../../../src/telemetry/trace-span.ts";

/** What a run looks like, whatever the framework: no ids, no times, no order but that of the names. */
export interface View {
  readonly agents: readonly string[];
  readonly tools: readonly string[];
  readonly handoffs: readonly string[];
  readonly models: readonly string[];
  /** Nano-dollars over all model calls, and what the agents at the top say of themselves. */
  readonly cost: number;
}

export function viewOf(spans: readonly TraceSpan[]): View {
  const of = (operation: string) =>
    spans.filter((span) => span.attributes[names.ATTR_OPERATION] === operation);
  const tools = of(names.OP_EXECUTE_TOOL);
  const models = spans.filter(
    (span) => names.ATTR_PROVIDER in span.attributes && names.ATTR_OPERATION in span.attributes,
  );
  return {
    agents: of(names.OP_INVOKE_AGENT)
      .map((span) => agentLine(span, spans))
      .toSorted(),
    tools: tools
      .filter((span) => !(names.ATTR_TRANSFER_TARGET in span.attributes))
      .map(toolLine)
      .toSorted(),
    handoffs: tools
      .filter((span) => names.ATTR_TRANSFER_TARGET in span.attributes)
      .map(handoffLine)
      .toSorted(),
    models: models.map(modelLine).toSorted(),
    cost: models.reduce((sum, span) => sum + nano(span.attributes[names.ATTR_COST_AMOUNT]), 0),
  };
}

/** What the agents at the top of the trace say that they and all below them have cost, in nano-dollars. */
export function costAtTheTop(spans: readonly TraceSpan[]): number {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const top = spans.filter(({ parentSpanId }) => parentSpanId === undefined || !ids.has(parentSpanId));
  return top.reduce((sum, span) => sum + nano(span.attributes[names.ATTR_SUBTREE_COST]), 0);
}

export function modelText(agent: string, model: string, usage: TokenUsage | undefined): string {
  const tokens =
    usage === undefined
      ? "? tokens"
      : `${usage.input} in, ${usage.output} out, ${usage.cacheRead ?? 0} cached`;
  return `${agent} asks ${model}: ${tokens}`;
}

/** Nano-dollars. */
export function priceOf(provider: string, model: string, usage: TokenUsage): number {
  return estimateCost({ provider, model, requestModel: model, usage }) ?? Number.NaN;
}

function agentLine(span: TraceSpan, spans: readonly TraceSpan[]): string {
  const { attributes } = span;
  const caller =
    attributes[names.ATTR_CALLER_TYPE] === "agent" ? ` by ${String(attributes[names.ATTR_CALLER_NAME])}` : "";
  return `${String(attributes[names.ATTR_AGENT_NAME])}${caller}${toolAround(span, spans)}${failure(span)}`;
}

/** An agent that is run as a tool is below that. */
function toolAround({ parentSpanId }: TraceSpan, spans: readonly TraceSpan[]): string {
  const around = spans.find(({ spanId }) => spanId === parentSpanId)?.attributes ?? {};
  const isTool =
    around[names.ATTR_OPERATION] === names.OP_EXECUTE_TOOL && !(names.ATTR_TRANSFER_TARGET in around);
  return isTool ? ` in ${String(around[names.ATTR_TOOL_NAME])}` : "";
}

function toolLine(span: TraceSpan): string {
  const { attributes } = span;
  return `${String(attributes[names.ATTR_TOOL_NAME])} by ${String(attributes[names.ATTR_AGENT_NAME])}${failure(span)}`;
}

function handoffLine({ attributes }: TraceSpan): string {
  return `${String(attributes[names.ATTR_AGENT_NAME])} to ${String(attributes[names.ATTR_TRANSFER_TARGET])}`;
}

function modelLine(span: TraceSpan): string {
  const { attributes } = span;
  const input = attributes[names.ATTR_USAGE_INPUT];
  const usage =
    typeof input === "number"
      ? {
          input,
          output: Number(attributes[names.ATTR_USAGE_OUTPUT]),
          cacheRead: Number(attributes[names.ATTR_USAGE_CACHE_READ] ?? 0),
        }
      : undefined;
  const text = modelText(
    String(attributes[names.ATTR_AGENT_NAME]),
    String(attributes[names.ATTR_REQUEST_MODEL]),
    usage,
  );
  return `${text}${failure(span)}`;
}

function failure(span: TraceSpan): string {
  return isFailed(span) ? ", failed" : "";
}

function nano(usd: unknown): number {
  return typeof usd === "number" ? Math.round(usd * 1e9) : 0;
}
