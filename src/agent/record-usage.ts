import { providerOfModel } from "../cost/provider-of-model.ts";
import type { TokenUsage } from "../cost/token-usage.ts";
import { checkName } from "../internal/check-name.ts";
import { reportFailure } from "../internal/warn-once.ts";
import { ModelCall } from "./model-call.ts";

/** A model call that is over: see {@link recordUsage}. */
export interface UsageReport {
  /** The agent to book it on. @default the agent at work */
  readonly agent?: string;
  /** In the GenAI conventions' names. @default found from the model, where the price table knows it */
  readonly provider?: string;
  readonly model: string;
  /** Whole tokens as billed, cached ones included. */
  readonly inputTokens: number;
  /** Whole tokens as billed, reasoning included. */
  readonly outputTokens: number;
  readonly cacheReadTokens?: number;
  /** Written to a cache of five minutes. */
  readonly cacheWriteTokens?: number;
  readonly cacheWrite1hTokens?: number;
  readonly reasoningTokens?: number;
  /** US dollars, where you know the price better than the table. */
  readonly costUsd?: number;
  /** How long the call took, in milliseconds; without it no duration is recorded. */
  readonly durationMs?: number;
  readonly responseId?: string;
}

/**
 * Records one model call from numbers that the program already has: a span `chat {model}` that ends now, tokens and cost.
 * Do not use it for calls of a client that is instrumented: they would count twice.
 *
 * @throws TypeError or RangeError that names the option and the value, when one is unfit; nothing is recorded then.
 */
export function recordUsage(report: UsageReport): void {
  checkName("recordUsage: model", report.model);
  if (report.agent !== undefined) checkName("recordUsage: agent", report.agent);
  if (report.provider !== undefined) checkName("recordUsage: provider", report.provider);
  checkAmount("durationMs", report.durationMs);
  checkAmount("costUsd", report.costUsd);
  checkTokens("inputTokens", report.inputTokens);
  checkTokens("outputTokens", report.outputTokens);
  checkTokens("cacheReadTokens", report.cacheReadTokens ?? 0, "inputTokens", report.inputTokens);
  checkTokens("cacheWriteTokens", report.cacheWriteTokens ?? 0, "inputTokens", report.inputTokens);
  checkTokens("cacheWrite1hTokens", report.cacheWrite1hTokens ?? 0, "inputTokens", report.inputTokens);
  checkTokens("reasoningTokens", report.reasoningTokens ?? 0, "outputTokens", report.outputTokens);
  const usage = usageOf(report);
  const cached = (usage.cacheRead ?? 0) + (usage.cacheWrite5m ?? 0) + (usage.cacheWrite1h ?? 0);
  checkTokens("the sum of all cache tokens", cached, "inputTokens", report.inputTokens);
  try {
    const durationMs = report.durationMs ?? null;
    const call = new ModelCall(
      {
        provider: report.provider ?? providerOfModel(report.model),
        model: report.model,
        ...(report.agent === undefined ? {} : { agent: report.agent }),
      },
      { startMs: Date.now() - (durationMs ?? 0), durationMs },
    );
    call.usage(usage);
    call.response({ id: report.responseId, costUsd: report.costUsd });
    call.end();
  } catch (error) {
    reportFailure("recordUsage", error);
  }
}

function usageOf(report: UsageReport): TokenUsage {
  return {
    input: report.inputTokens,
    output: report.outputTokens,
    ...(report.cacheReadTokens === undefined ? {} : { cacheRead: report.cacheReadTokens }),
    ...(report.cacheWriteTokens === undefined ? {} : { cacheWrite5m: report.cacheWriteTokens }),
    ...(report.cacheWrite1hTokens === undefined ? {} : { cacheWrite1h: report.cacheWrite1hTokens }),
    ...(report.reasoningTokens === undefined ? {} : { reasoning: report.reasoningTokens }),
  };
}

/** Like checkUsage, in the names of the options. */
function checkTokens(option: string, value: number, wholeOption?: string, whole = value): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`recordUsage: ${option} must be a whole number >= 0, got ${String(value)}`);
  }
  if (value > whole) {
    throw new RangeError(
      `recordUsage: ${option} is part of ${wholeOption} and must not exceed it, got ${value} of ${whole}`,
    );
  }
}

function checkAmount(option: string, value: number | undefined): void {
  if (value !== undefined && !(typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`recordUsage: ${option} must be a number >= 0, got ${String(value)}`);
  }
}
