import type { Attributes } from "@opentelemetry/api";
import { estimateCost } from "../cost/estimate-cost.ts";
import type { TokenUsage } from "../cost/token-usage.ts";
import { warnOnce } from "../internal/warn-once.ts";
import * as names from "../telemetry/semconv.ts";
import type { ModelRequest } from "./model-call.ts";

/** What an answer has said of its price. */
export interface BilledAnswer {
  /** The model that answered, where it said so. */
  readonly model: string | undefined;
  readonly usage: TokenUsage | undefined;
  /** US dollars, where the answer names its price. */
  readonly costUsd: number | undefined;
  /** Of the call, milliseconds since the epoch. */
  readonly startMs: number;
}

/** @returns Integer nano-dollars, or `undefined` where the price is not known: unknown is not free, and is said once for each model. */
export function modelCallCost(
  { provider, model: requested }: Pick<ModelRequest, "provider" | "model">,
  { model: answered, usage, costUsd, startMs }: BilledAnswer,
): number | undefined {
  if (costUsd !== undefined) return Math.round(costUsd * 1e9);
  const billed = answered ?? requested;
  if (usage === undefined || billed === undefined) return undefined;
  // The model that answered is the one that is billed; the requested one may be a deployment that the user has priced.
  const cost = estimateCost({ provider, model: billed, requestModel: requested, usage, atMs: startMs });
  if (cost !== undefined) return cost;
  const model = requested ?? billed;
  warnOnce(
    `unpriced:${model}`,
    `no price is known for model "${model}" (provider ${provider ?? "unknown"}): its calls carry no cost. ` +
      "Give one with the option prices or the file named in AGENT_OTEL_PRICES.",
  );
  return undefined;
}

/** Tokens as the conventions name them. */
export function addUsage(attributes: Attributes, usage: TokenUsage): void {
  attributes[names.ATTR_USAGE_INPUT] = usage.input;
  attributes[names.ATTR_USAGE_OUTPUT] = usage.output;
  if (usage.cacheRead !== undefined) attributes[names.ATTR_USAGE_CACHE_READ] = usage.cacheRead;
  if (usage.cacheWrite5m !== undefined || usage.cacheWrite1h !== undefined) {
    attributes[names.ATTR_USAGE_CACHE_WRITE] = (usage.cacheWrite5m ?? 0) + (usage.cacheWrite1h ?? 0);
  }
  if (usage.reasoning !== undefined) attributes[names.ATTR_USAGE_REASONING] = usage.reasoning;
  if (usage.inputAudio !== undefined) attributes[names.ATTR_USAGE_AUDIO_INPUT] = usage.inputAudio;
  if (usage.outputAudio !== undefined) attributes[names.ATTR_USAGE_AUDIO_OUTPUT] = usage.outputAudio;
}
