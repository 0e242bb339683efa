import fc from "fast-check";
import { expect, it } from "vitest";
import { NoEligibleModelError } from "../../../src/errors/no-eligible-model-error.ts";
import { BreakerRegistry } from "../../../src/resilience/breaker-registry.ts";
import { modelRouter, type RouterDecision, type RouteTask } from "../../../src/spend/model-router.ts";
import { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import { ManualClock } from "../../../src/testing/index.ts";
import { seeded } from "../token-budget/support/seeded.ts";
import { mayBeTaken, meetsComplexity, type OracleModel, oracleCost } from "./support/oracle.ts";

const STATES = 100_000;
const TASKS_A_ROUTER = 20;
type Random = (limit: number) => number;

function fail(what: string): never {
  throw new Error(what);
}

/** Small numbers, so that limits are met exactly and models tie. */
function randomModel(random: Random, index: number): OracleModel {
  const minComplexity = 1 + random(5);
  const usd = { input: random(5), output: random(5) };
  const priced = random(8) > 0;
  return {
    model: {
      name: `model-${index}`,
      provider: "nobody",
      ...(priced && { price: usd }),
      maxContext: 1 + random(2_000),
      ...(random(3) === 0 && { maxOutput: 1 + random(1_000) }),
      tokensPerSecond: 1 + random(500),
      minComplexity: minComplexity as 1,
      maxComplexity: (minComplexity + random(6 - minComplexity)) as 5,
      tools: random(2) === 0,
      vision: random(2) === 0,
    },
    pico: priced ? { input: usd.input * 1e6, output: usd.output * 1e6 } : undefined,
    breakerOpen: random(6) === 0,
    cooling: random(6) === 0,
    denied: random(8) === 0,
  };
}

function randomTask(random: Random): RouteTask {
  return {
    complexity: (1 + random(5)) as 1,
    inputTokens: random(1_200),
    outputTokens: random(800),
    needs: { tools: random(3) === 0, vision: random(3) === 0 },
    ...(random(3) === 0 && { maxLatencyMs: random(5_000) }),
  };
}

function setUp(random: Random) {
  const all = Array.from({ length: 1 + random(6) }, (_, index) => randomModel(random, index));
  const clock = new ManualClock();
  const breakers = new BreakerRegistry({ defaults: { clock }, metrics: new MetricSources() });
  const denied = new Set(all.filter((each) => each.denied).map(({ model }) => model.name));
  let only: string | undefined;
  const budgetNano = random(20_000) * 1_000;
  const router = modelRouter({
    models: all.map(({ model }) => model),
    monthlyBudgetUsd: budgetNano / 1e9,
    ...{ clock, breakers, metrics: new MetricSources(), random: () => random(1_000) / 1_000 },
    allow: ({ name }) => (only === undefined ? !denied.has(name) : name === only),
  });
  // As it comes about: by an answer with 429 to a call that the model was picked for. One without a price is never picked.
  for (const { model, cooling, pico } of all) {
    if (!cooling || pico === undefined) continue;
    only = model.name;
    router.report(router.route({ complexity: 1, inputTokens: 0, outputTokens: 0 }), { status: 429 });
  }
  only = undefined;
  for (const { model, breakerOpen } of all) if (breakerOpen) breakers.get(model.name).forceOpen();
  return { all, router, budgetNano };
}

function check(
  decision: RouterDecision | undefined,
  all: readonly OracleModel[],
  task: RouteTask,
  leftNano: number,
): void {
  const eligible = all.filter((each) => mayBeTaken(each, task, leftNano));
  const fitting = eligible.filter((each) => meetsComplexity(each, task));
  const pool = fitting.length > 0 ? fitting : eligible;
  if (decision === undefined) {
    if (pool.length > 0) fail(`refused, although ${pool[0]!.model.name} fits`);
    return;
  }
  const picked = pool.find(({ model }) => model.name === decision.model);
  if (picked === undefined) fail(`${decision.model} is not eligible`);
  const cheapest = Math.min(...pool.map((each) => oracleCost(each, task)!));
  if (oracleCost(picked, task) !== cheapest) fail(`${decision.model} is not the cheapest`);
  if (Math.round(decision.estimatedCostUsd * 1e9) !== cheapest) fail("another cost");
  if (decision.relaxed !== (fitting.length === 0)) fail("relaxed is wrong");
}

it("picks in 100,000 random states the cheapest model that may be taken, and never another", {
  timeout: 240_000,
}, () => {
  let states = 0;
  let picks = 0;
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = seeded(seed);
      const { all, router, budgetNano } = setUp(random);
      let spentNano = 0;
      for (let i = 0; i < TASKS_A_ROUTER; i++) {
        const task = randomTask(random);
        let decision: RouterDecision | undefined;
        try {
          decision = router.route(task);
          picks += 1;
        } catch (error) {
          if (!(error instanceof NoEligibleModelError)) throw error;
        }
        check(decision, all, task, budgetNano - spentNano);
        states += 1;
        if (decision === undefined) continue;
        // Dearer than estimated, cheaper, or never known.
        const actualNano =
          random(3) === 0 ? random(5_000) * 1_000 : Math.round(decision.estimatedCostUsd * 1e9);
        router.record(decision, { costUsd: actualNano / 1e9 });
        spentNano += actualNano;
        if (Math.round(router.budgetReport().spentUsd * 1e9) !== spentNano) fail("spent is wrong");
      }
    }),
    { numRuns: STATES / TASKS_A_ROUTER },
  );
  expect(states).toBe(STATES);
  // Not by refusing everything.
  expect(picks).toBeGreaterThan(STATES / 10);
});
