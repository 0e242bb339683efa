import type { Attributes } from "@opentelemetry/api";
import { estimateCost } from "../../cost/estimate-cost.ts";
import { readSpanUsage } from "../../cost/readers/span-attributes.ts";
import type { TokenUsage } from "../../cost/token-usage.ts";
import * as names from "../../telemetry/semconv.ts";
import { langfuseUsage } from "./langfuse.ts";
import * as foreign from "./names.ts";
import type { NamedSpan } from "./operation.ts";
import { providerOf } from "./provider.ts";
import { firstText, text } from "./text.ts";

/** What makes a span the call of a model, to those who count: a span that repeats one has none of these. */
export const CALL_NAMES: readonly string[] = [
  names.ATTR_OPERATION,
  names.ATTR_COST_AMOUNT,
  names.ATTR_COST_CURRENCY,
  names.ATTR_COST_SOURCE,
];

/** A model call as another instrumentation tells it, in our words. */
export interface ForeignModelCall {
  readonly provider: string | undefined;
  readonly requestModel: string | undefined;
  readonly responseModel: string | undefined;
  readonly usage: TokenUsage | undefined;
  /** Whether the span brings a cost of its own in the conventions' name. */
  readonly bringsCost: boolean;
}

/** @param scope Name of the instrumentation that made the span. */
export function readModelCall(
  { attributes }: Pick<NamedSpan, "attributes">,
  scope: string | undefined,
): ForeignModelCall {
  const requestModel =
    text(attributes[names.ATTR_REQUEST_MODEL]) ?? firstText(attributes, foreign.REQUEST_MODEL);
  const responseModel =
    text(attributes[names.ATTR_RESPONSE_MODEL]) ?? firstText(attributes, foreign.RESPONSE_MODEL);
  const provider = providerOf(attributes, responseModel ?? requestModel);
  const inputIncludesCache = !leavesCacheOut(scope, provider);
  return {
    provider,
    requestModel,
    responseModel,
    usage: readSpanUsage(langfuseUsage(attributes) ?? attributes, { inputIncludesCache }),
    bringsCost: names.ATTR_COST_AMOUNT in attributes,
  };
}

/** openlit and OpenLLMetry report the count of input of Anthropic and Bedrock as it is, which has no cached tokens in it. */
function leavesCacheOut(scope: string | undefined, provider: string | undefined): boolean {
  return (provider === "anthropic" || provider === "aws.bedrock") && /openlit|traceloop/i.test(String(scope));
}

/**
 * The call in the newest names. What the span says already in a newest name stays, but for what is not as the conventions say.
 *
 * @param atMs When it was made, milliseconds since the epoch. @default now
 */
export function addModelCall(
  added: Attributes,
  call: ForeignModelCall,
  attributes: Attributes,
  atMs?: number,
): void {
  const { provider, requestModel, responseModel, usage } = call;
  if (provider !== undefined) added[names.ATTR_PROVIDER] = provider;
  if (requestModel !== undefined) added[names.ATTR_REQUEST_MODEL] = requestModel;
  if (responseModel !== undefined) added[names.ATTR_RESPONSE_MODEL] = responseModel;
  if (usage === undefined) return;
  const { cacheWrite5m, cacheWrite1h } = usage;
  const written = cacheWrite5m ?? cacheWrite1h;
  added[names.ATTR_USAGE_INPUT] = usage.input;
  added[names.ATTR_USAGE_OUTPUT] = usage.output;
  if (usage.cacheRead !== undefined) added[names.ATTR_USAGE_CACHE_READ] = usage.cacheRead;
  if (written !== undefined) added[names.ATTR_USAGE_CACHE_WRITE] = (cacheWrite5m ?? 0) + (cacheWrite1h ?? 0);
  if (usage.reasoning !== undefined) added[names.ATTR_USAGE_REASONING] = usage.reasoning;
  if (!call.bringsCost) addCost(added, call, usage, atMs);
  for (const name of Object.keys(added)) if (attributes[name] === added[name]) delete added[name];
}

function addCost(
  added: Attributes,
  { provider, requestModel, responseModel }: ForeignModelCall,
  usage: TokenUsage,
  atMs: number | undefined,
): void {
  const model = responseModel ?? requestModel;
  if (model === undefined) return;
  const cost = estimateCost({ provider, model, requestModel, usage, ...(atMs !== undefined && { atMs }) });
  if (cost === undefined) return;
  added[names.ATTR_COST_AMOUNT] = cost / 1e9;
  added[names.ATTR_COST_CURRENCY] = "USD";
  added[names.ATTR_COST_SOURCE] = "local";
}
