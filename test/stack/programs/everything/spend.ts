import { chat, costGuard, modelRouter, type Store, tokenBudget } from "agent-otel";
import { CLAUDE, GPT, type Models } from "./models.ts";
import type { Team } from "./team.ts";

/** Budgets in money that are used, overrun and used up. @param store Keeps that of the desk. */
export async function useBudgets(team: Team, models: Models, store: Store) {
  const desk = costGuard({
    name: "desk",
    perRequestUsd: 0.5,
    hourlyUsd: 2,
    dailyUsd: 10,
    monthlyUsd: 100,
    store,
  });
  for (let i = 0; i < 5; i++) await desk.execute(() => team.review());

  // The first call does not say how long its answer may get, and costs more than a request may; the second is refused.
  const tight = costGuard({ name: "tight", perRequestUsd: 0.000_01, hourlyUsd: 0.01, dailyUsd: 0.1 });
  for (let i = 0; i < 3; i++) {
    const overspent = tight.execute(async () => {
      await models.ask(undefined, GPT);
      await chat({ provider: "openai", model: GPT }, async () => undefined);
    });
    await overspent.catch(() => undefined);
  }

  const spent = [
    costGuard({ name: "spent", perRequestUsd: 0.6, hourlyUsd: 1, dailyUsd: 10, monthlyUsd: 100 }),
    costGuard({ name: "spent_day", perRequestUsd: 0.6, hourlyUsd: 10, dailyUsd: 1 }),
    costGuard({ name: "spent_month", perRequestUsd: 0.6, monthlyUsd: 1 }),
  ];
  for (const guard of spent) {
    await (await guard.reserve(0.55)).settle(0.55);
    await guard.execute(async () => undefined).catch(() => undefined);
  }
  return { desk, tight, spent };
}

/** Tokens that agents share: used, held and refused. */
export function useTokens() {
  const tokens = tokenBudget({ name: "team", total: 10_000 });
  for (const agent of ["planner", "researcher", "writer"]) tokens.register(agent);
  for (const agent of ["planner", "researcher"]) {
    const lease = tokens.request(agent, 2_000);
    lease.report(1_500);
    lease.release();
  }
  const held = tokens.request("writer", 4_000);
  for (const agent of ["planner", "writer"]) {
    try {
      tokens.request(agent, 9_000, { min: 9_000 });
    } catch {
      // Counted.
    }
  }
  return { tokens, held };
}

/** A router that has picked each of its models, for tasks of each complexity. */
export function useRouter(random: () => number) {
  const router = modelRouter({
    name: "desk",
    random,
    monthlyBudgetUsd: 50,
    models: [
      { name: GPT, provider: "openai", maxContext: 128_000, tokensPerSecond: 100, maxComplexity: 3 },
      { name: CLAUDE, provider: "anthropic", maxContext: 200_000, tokensPerSecond: 80, minComplexity: 3 },
    ],
  });
  for (let i = 0; i < 20; i++) {
    const complexity = ((i % 5) + 1) as 1 | 2 | 3 | 4 | 5;
    const decision = router.route({ complexity, inputTokens: 2_000, outputTokens: 500 });
    router.record(decision, { usage: { input: 1_900, output: 400 } });
  }
  return router;
}
