// What the model router saves on a mixed workload, and what a decision costs. Claims: at most 0.4 × the price of always the dearest
// model (the pattern's authors say 60 to 80 % less), and a decision among four models within 10 µs.
// Run: node bench/router.bench.ts
import { BreakerRegistry } from "../src/resilience/breaker-registry.ts";
import { type Complexity, modelRouter, type RoutedModel, type RouteTask } from "../src/spend/model-router.ts";
import { MetricSources } from "../src/telemetry/metric-sources.ts";
import { report } from "./claims.ts";
import { measureRounds, median, overheadNs } from "./harness.ts";

const TASKS = 10_000;

/** US dollars per million tokens: the pattern's own example. */
const MODELS: readonly RoutedModel[] = [
  {
    ...{ name: "gpt-4.1-nano", provider: "openai", price: { input: 0.1, output: 0.4 } },
    ...{ maxContext: 1_048_576, tokensPerSecond: 300, minComplexity: 1, maxComplexity: 2 },
  },
  {
    ...{ name: "gpt-4.1-mini", provider: "openai", price: { input: 0.4, output: 1.6 } },
    ...{ maxContext: 1_048_576, tokensPerSecond: 200, minComplexity: 1, maxComplexity: 3 },
  },
  {
    ...{ name: "claude-sonnet-4", provider: "anthropic", price: { input: 3, output: 15 } },
    ...{ maxContext: 200_000, tokensPerSecond: 150, minComplexity: 3, maxComplexity: 5 },
  },
  {
    ...{ name: "claude-opus-4", provider: "anthropic", price: { input: 15, output: 75 } },
    ...{ maxContext: 200_000, tokensPerSecond: 80, minComplexity: 4, maxComplexity: 5 },
  },
];

/** Of 100 tasks so many of each complexity, from 1 to 5; harder ones are larger. */
const MIX: readonly (readonly [complexity: Complexity, share: number, input: number, output: number])[] = [
  [1, 40, 800, 100],
  [2, 25, 2_000, 400],
  [3, 15, 4_000, 800],
  [4, 15, 8_000, 2_000],
  [5, 5, 16_000, 4_000],
];

const router = () =>
  modelRouter({
    models: MODELS,
    monthlyBudgetUsd: 9_000_000,
    breakers: new BreakerRegistry({ metrics: new MetricSources() }),
    metrics: new MetricSources(),
  });

/** The same ones each time, of sizes from half to one and a half of the mean. */
const workload: readonly RouteTask[] = Array.from({ length: TASKS }, (_, i) => {
  const [complexity, , input, output] = at(i % 100);
  const size = 0.5 + ((i * 7_919) % 1_000) / 1_000;
  return { complexity, inputTokens: Math.round(input * size), outputTokens: Math.round(output * size) };
});

function at(percent: number): (typeof MIX)[number] {
  let end = 0;
  for (const each of MIX) {
    end += each[1];
    if (percent < end) return each;
  }
  throw new RangeError(`the mix ends at ${end} %`);
}

const routed = router();
for (const task of workload) routed.route(task);
const { spentUsd } = routed.budgetReport();
const always = (model: string): number =>
  workload.reduce((sum, task) => sum + (routed.estimateCostUsd(model, task) ?? Number.NaN), 0);
const saved = (usd: number): string =>
  `saves ${((1 - spentUsd / usd) * 100).toFixed(1)} %: $${spentUsd.toFixed(2)} instead of $${usd.toFixed(2)} for ${TASKS} calls`;
const [opusUsd, sonnetUsd] = [always("claude-opus-4"), always("claude-sonnet-4")];

for (const { model, calls, totalCostUsd } of routed.reportByModel())
  console.log(`${model}: ${calls} calls, $${totalCostUsd.toFixed(2)}`);

const measured = router();
const done = Promise.resolve();
let next = 0;
const task = (): RouteTask => workload[next++ % TASKS]!;
const rounds = await measureRounds({
  nothing: () => {
    task();
    return done;
  },
  route: () => {
    measured.release(measured.route(task()));
    return done;
  },
});

report("router", [
  {
    claim: "cost of a mixed workload, against always the dearest model (claude-opus-4)",
    ...{ bound: 0.4, measured: spentUsd / opusUsd, unit: "×", note: saved(opusUsd) },
  },
  {
    claim: "cost of a mixed workload, against always the cheapest that can do all (claude-sonnet-4)",
    ...{ measured: spentUsd / sonnetUsd, unit: "×", note: saved(sonnetUsd) },
  },
  {
    claim: "a decision among four models, charged and given back",
    ...{ bound: 10_000, measured: overheadNs(rounds.route, rounds.nothing), unit: "ns" },
    note: `median of ${rounds.route.length} rounds, ${Math.round(median(rounds.nothing))} ns for nothing taken off`,
  },
]);
