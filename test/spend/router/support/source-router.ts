import { BreakerRegistry } from "../../../../src/resilience/breaker-registry.ts";
import {
  type ModelRouterOptions,
  modelRouter,
  type RoutedModel,
  type RouteTask,
} from "../../../../src/spend/model-router.ts";
import { MetricSources } from "../../../../src/telemetry/metric-sources.ts";
import { ManualClock } from "../../../../src/testing/index.ts";

/** The source's four models; its prices per thousand tokens are here per million. */
export const NANO: RoutedModel = {
  ...{ name: "gpt-4.1-nano", provider: "openai", price: { input: 0.1, output: 0.4 } },
  ...{ maxContext: 1_048_576, tokensPerSecond: 300, minComplexity: 1, maxComplexity: 2 },
};
export const MINI: RoutedModel = {
  ...{ name: "gpt-4.1-mini", provider: "openai", price: { input: 0.4, output: 1.6 } },
  ...{ maxContext: 1_048_576, tokensPerSecond: 200, minComplexity: 1, maxComplexity: 3 },
};
export const SONNET: RoutedModel = {
  ...{ name: "claude-sonnet-4", provider: "anthropic", price: { input: 3, output: 15 } },
  ...{ maxContext: 200_000, tokensPerSecond: 150, minComplexity: 3, maxComplexity: 5 },
};
export const OPUS: RoutedModel = {
  ...{ name: "claude-opus-4", provider: "anthropic", price: { input: 15, output: 75 } },
  ...{ maxContext: 200_000, tokensPerSecond: 80, minComplexity: 4, maxComplexity: 5 },
};

/** The source's task: its answer takes 500 tokens / 300 a second = 1.67 s. */
export const TASK: RouteTask = { inputTokens: 2_000, outputTokens: 500, complexity: 2, maxLatencyMs: 3_000 };

/** The source's router, with all that it touches of its own. */
export function sourceRouter(options: Partial<ModelRouterOptions> = {}) {
  const clock = new ManualClock();
  const metrics = new MetricSources();
  const breakers = new BreakerRegistry({
    defaults: { failureThreshold: 2, clock },
    metrics: new MetricSources(),
  });
  const router = modelRouter({
    ...{ models: [NANO, MINI, SONNET, OPUS], monthlyBudgetUsd: 50 },
    ...{ clock, metrics, breakers, random: () => 0 },
    ...options,
  });
  return { router, clock, metrics, breakers };
}
