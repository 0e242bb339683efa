import { describe, expect, it } from "vitest";
import { NoEligibleModelError } from "../../../src/errors/no-eligible-model-error.ts";
import { type ModelRouter, modelRouter, type RouteTask } from "../../../src/spend/model-router.ts";
import { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import { MINI, NANO, OPUS, SONNET, sourceRouter, TASK } from "./support/source-router.ts";

/** The error that `route` throws. */
function refusal(router: ModelRouter, task: RouteTask): NoEligibleModelError {
  try {
    router.route(task);
  } catch (error) {
    if (error instanceof NoEligibleModelError) return error;
    throw error;
  }
  throw new Error("the router picked a model");
}

const reasonsOf = (error: NoEligibleModelError) =>
  Object.fromEntries(error.models.map(({ model, reasons }) => [model, reasons]));

describe("a model router, by the source's example", () => {
  it("routes the simple task to gpt-4.1-nano for $0.0004", () => {
    expect(sourceRouter().router.route(TASK)).toMatchObject({
      ...{ model: "gpt-4.1-nano", provider: "openai", estimatedCostUsd: 0.0004 },
      ...{ relaxed: false, pinned: false },
    });
  });

  it("charges it", () => {
    const { router } = sourceRouter();
    router.route(TASK);
    expect(router.budgetReport()).toMatchObject({
      ...{ monthlyBudgetUsd: 50, spentUsd: 0.0004, remainingUsd: 49.9996, utilizationPct: 0, totalCalls: 1 },
      byModel: [{ model: "gpt-4.1-nano", provider: "openai", calls: 1, totalCostUsd: 0.0004 }],
    });
  });

  it("takes 1,667 ms for it: output tokens over the model's speed", () => {
    expect(sourceRouter().router.route(TASK).estimatedLatencyMs).toBeCloseTo(1_666.67, 1);
  });

  it.each([
    [1, "gpt-4.1-nano"],
    [2, "gpt-4.1-nano"],
    [3, "gpt-4.1-mini"],
    [4, "claude-sonnet-4"],
    [5, "claude-sonnet-4"],
  ] as const)("routes complexity %d to %s", (complexity, model) => {
    const { router } = sourceRouter();
    expect(router.route({ complexity, inputTokens: 2_000, outputTokens: 500 }).model).toBe(model);
  });

  it("estimates cost and latency of any model by hand", () => {
    const { router } = sourceRouter();
    expect(router.estimateCostUsd("claude-opus-4", TASK)).toBe(0.0675);
    expect(router.estimateLatencyMs("claude-opus-4", TASK)).toBe(6_250);
  });

  it("takes models one by one", () => {
    const { router } = sourceRouter({ models: [] });
    router.add(OPUS);
    router.add(SONNET);
    expect(router.route({ ...TASK, complexity: 5, maxLatencyMs: 10_000 }).model).toBe("claude-sonnet-4");
  });

  it("has a budget of $100 where none is given", () => {
    const router = modelRouter({ models: [NANO], metrics: new MetricSources() });
    expect(router.budgetReport().monthlyBudgetUsd).toBe(100);
  });
});

describe("a decision", () => {
  it("names the others that could have taken the call, the cheapest first", () => {
    const { router } = sourceRouter();
    const { alternatives } = router.route({ complexity: 2, inputTokens: 2_000, outputTokens: 500 });
    expect(alternatives).toMatchObject([{ model: "gpt-4.1-mini", estimatedCostUsd: 0.0016 }]);
  });

  it("names those that could not, and why", () => {
    const { passedOver } = sourceRouter().router.route(TASK);
    expect(passedOver).toEqual([
      { model: "claude-sonnet-4", provider: "anthropic", reasons: ["latency", "complexity"] },
      { model: "claude-opus-4", provider: "anthropic", reasons: ["latency", "complexity"] },
    ]);
  });

  it("for models that are equal in cost takes the faster one", () => {
    const slow = { ...NANO, name: "slow", tokensPerSecond: 100 };
    const fast = { ...NANO, name: "fast", tokensPerSecond: 101 };
    expect(sourceRouter({ models: [slow, fast] }).router.route({ ...TASK, maxLatencyMs: 9_999 }).model).toBe(
      "fast",
    );
  });

  it("for models that are equal in all falls by the random number", () => {
    const models = ["a", "b", "c"].map((name) => ({ ...NANO, name }));
    const pick = (random: number) => sourceRouter({ models, random: () => random }).router.route(TASK).model;
    expect([0, 0.34, 0.67, 0.999].map(pick)).toEqual(["a", "b", "c", "c"]);
  });

  it("prices models from the price table where they name no price", () => {
    const { price: _, ...listed } = NANO;
    expect(sourceRouter({ models: [listed] }).router.route(TASK).estimatedCostUsd).toBe(0.0004);
  });
});

describe("what a model cannot do is never passed over", () => {
  const both = { models: [NANO, { ...SONNET, tools: true, vision: true }] };

  it("context: input and output together", () => {
    const { router } = sourceRouter({ models: [SONNET] });
    expect(router.route({ complexity: 4, inputTokens: 199_500, outputTokens: 500 }).model).toBe(
      "claude-sonnet-4",
    );
    const error = refusal(router, { complexity: 4, inputTokens: 199_501, outputTokens: 500 });
    expect(reasonsOf(error)).toEqual({ "claude-sonnet-4": ["context"] });
  });

  it("output", () => {
    const { router } = sourceRouter({ models: [{ ...NANO, maxOutput: 499 }] });
    expect(reasonsOf(refusal(router, TASK))).toEqual({ "gpt-4.1-nano": ["output"] });
  });

  it("tools", () => {
    const { router } = sourceRouter(both);
    const task = { complexity: 1, inputTokens: 10, outputTokens: 10, needs: { tools: true } } as const;
    expect(router.route(task)).toMatchObject({ model: "claude-sonnet-4", relaxed: true });
  });

  it("vision", () => {
    const { router } = sourceRouter(both);
    const task = { complexity: 1, inputTokens: 10, outputTokens: 10, needs: { vision: true } } as const;
    expect(router.route(task)).toMatchObject({ model: "claude-sonnet-4", relaxed: true });
  });

  it("latency", () => {
    const { router } = sourceRouter({ models: [SONNET] });
    const error = refusal(router, { ...TASK, complexity: 4 });
    expect(reasonsOf(error)).toEqual({ "claude-sonnet-4": ["latency"] });
  });

  it("a rule of the user's, also one that throws", () => {
    const allow = (model: { name: string }): boolean => {
      if (model.name === "gpt-4.1-nano") throw new Error("no such region");
      return model.name !== "gpt-4.1-mini";
    };
    const error = refusal(sourceRouter({ allow, models: [NANO, MINI] }).router, TASK);
    expect(reasonsOf(error)).toEqual({ "gpt-4.1-nano": ["policy"], "gpt-4.1-mini": ["policy"] });
  });
});

describe("complexity alone is relaxed", () => {
  it("to the cheapest that can take the call, and the decision says so", () => {
    const { router } = sourceRouter({ models: [OPUS, NANO, MINI] });
    const decision = router.route({ complexity: 4, inputTokens: 200_000, outputTokens: 500 });
    expect(decision).toMatchObject({ model: "gpt-4.1-nano", relaxed: true });
  });

  it("and what is taken then is charged as well", () => {
    const { router } = sourceRouter({ models: [NANO] });
    router.route({ complexity: 5, inputTokens: 2_000, outputTokens: 500 });
    expect(router.budgetReport().spentUsd).toBe(0.0004);
  });

  it("and never counts as a reason of a refusal", () => {
    const { router } = sourceRouter({ models: [NANO] });
    const error = refusal(router, { complexity: 5, inputTokens: 9_000_000, outputTokens: 0 });
    expect(reasonsOf(error)).toEqual({ "gpt-4.1-nano": ["context"] });
  });
});

describe("a refusal", () => {
  it("says for each model why, as fields", () => {
    const { router } = sourceRouter({ name: "front" });
    const error = refusal(router, { ...TASK, inputTokens: 2_000_000, needs: { tools: true } });
    expect(error).toMatchObject({ code: "no_eligible_model", router: "front", retryAfterMs: undefined });
    expect(error.models[2]).toEqual({
      ...{ model: "claude-sonnet-4", provider: "anthropic", retryAfterMs: undefined },
      reasons: ["context", "tools", "latency"],
    });
  });

  it("charges nothing", () => {
    const { router } = sourceRouter();
    refusal(router, { ...TASK, needs: { tools: true } });
    expect(router.budgetReport()).toMatchObject({ spentUsd: 0, totalCalls: 0, byModel: [] });
  });

  it("is what a router without models gives", () => {
    expect(refusal(sourceRouter({ models: [] }).router, TASK).models).toEqual([]);
  });

  it("is what a model without a price gets: unknown is not free", () => {
    const { price: _, ...unpriced } = { ...NANO, name: "nobody-knows-it", provider: "nobody" };
    const { router } = sourceRouter({ models: [unpriced] });
    expect(reasonsOf(refusal(router, TASK))).toEqual({ "nobody-knows-it": ["unpriced"] });
  });
});

describe("in a loop of tool calls", () => {
  const cheapFirst = { complexity: 1, inputTokens: 100, outputTokens: 100 } as const;

  it("the model stays, although a cheaper one would do", () => {
    const { router } = sourceRouter();
    const first = router.route({ ...cheapFirst, complexity: 4 });
    expect(router.route({ ...cheapFirst, continues: first })).toMatchObject({
      ...{ model: "claude-sonnet-4", pinned: true, estimatedCostUsd: 0.0018 },
      alternatives: [{ model: "gpt-4.1-nano" }, { model: "gpt-4.1-mini" }],
    });
  });

  it("a model that can go on no more is a refusal, with its reasons", () => {
    const { router } = sourceRouter();
    const first = router.route({ ...cheapFirst, complexity: 4 });
    const error = refusal(router, { ...cheapFirst, inputTokens: 300_000, continues: first });
    expect(reasonsOf(error)).toEqual({ "claude-sonnet-4": ["context"] });
  });

  it("another one takes over where the caller allows it", () => {
    const { router } = sourceRouter();
    const first = router.route({ ...cheapFirst, complexity: 4 });
    const next = router.route({ ...cheapFirst, inputTokens: 300_000, continues: first, allowSwitch: true });
    expect(next).toMatchObject({ model: "gpt-4.1-nano", pinned: false });
  });

  it("and where the caller allows it the model stays all the same while it can", () => {
    const { router } = sourceRouter();
    const first = router.route({ ...cheapFirst, complexity: 4 });
    expect(router.route({ ...cheapFirst, continues: first, allowSwitch: true }).model).toBe(
      "claude-sonnet-4",
    );
  });

  it("a decision of another router is refused", () => {
    const other = sourceRouter().router.route(TASK);
    expect(() => sourceRouter().router.route({ ...TASK, continues: other })).toThrow(
      /not a decision of router "router"/,
    );
  });
});

describe("bad input", () => {
  it.each([
    [{ monthlyBudgetUsd: -1 }, /monthlyBudgetUsd must be a number from 0 to 9000000, got -1/],
    [{ monthlyBudgetUsd: Number.NaN }, /monthlyBudgetUsd must be .*, got NaN/],
    [{ monthlyBudgetUsd: Number.POSITIVE_INFINITY }, /monthlyBudgetUsd must be .*, got Infinity/],
    [{ timeZone: "Mars/Olympus" }, /timeZone must be the name of a time zone.*, got "Mars\/Olympus"/],
    [{ name: " " }, /name must not be empty/],
    [{ cooldowns: { rateLimitedMs: -1 } }, /cooldowns.rateLimitedMs must be .*, got -1/],
    [{ cooldowns: { misconfiguredMs: Number.NaN } }, /cooldowns.misconfiguredMs must be .*, got NaN/],
    [{ cooldowns: { maxRetryAfterMs: 1.5 } }, /cooldowns.maxRetryAfterMs must be .*, got 1.5/],
    [{ random: 1 as never }, /random must be a function, got number/],
    [{ allow: "all" as never }, /allow must be a function, got string/],
    [{ tellsBreakers: "no" as never }, /tellsBreakers must be true or false, got no/],
    [{ models: {} as never }, /models must be an array, got object/],
    [{ models: [NANO, NANO] }, /there is a model "gpt-4.1-nano" of openai already/],
  ])("is named when the router is made: %o", (options, message) => {
    expect(() => sourceRouter(options)).toThrow(message);
  });

  it.each([
    [{ name: "" }, /name must not be empty/],
    [{ maxContext: 0 }, /maxContext of "gpt-4.1-nano" must be .*, got 0/],
    [{ maxContext: Number.NaN }, /maxContext of .* must be .*, got NaN/],
    [{ maxOutput: -1 }, /maxOutput of .* must be .*, got -1/],
    [{ tokensPerSecond: 0 }, /tokensPerSecond of .* must be .*, got 0/],
    [{ tokensPerSecond: Number.NaN }, /tokensPerSecond of .* must be .*, got NaN/],
    [{ minComplexity: 0 as never }, /minComplexity of .* must be a whole number from 1 to 2, got 0/],
    [{ maxComplexity: 6 as never }, /maxComplexity of .* must be a whole number from 1 to 5, got 6/],
    [{ minComplexity: 3 as const }, /minComplexity of .* must be a whole number from 1 to 2, got 3/],
    [{ tools: 1 as never }, /tools of .* must be true or false, got 1/],
    [{ vision: "yes" as never }, /vision of .* must be true or false, got yes/],
    [{ provider: "" }, /provider of "gpt-4.1-nano": name must not be empty/],
    [{ breaker: "" }, /breaker of "gpt-4.1-nano": name must not be empty/],
    [{ price: { input: -1 } }, /price of "gpt-4.1-nano".*input must be between 0 and 1000000/],
    [{ price: { input: Number.NaN } }, /price of .*input must be .* got NaN/],
  ])("is named when a model is added: %o", (part, message) => {
    expect(() => sourceRouter({ models: [] }).router.add({ ...NANO, ...part })).toThrow(message);
  });

  it.each([
    [{ complexity: 0 as never }, /complexity must be a whole number from 1 to 5, got 0/],
    [{ complexity: 6 as never }, /complexity must be .*, got 6/],
    [{ complexity: 2.5 as never }, /complexity must be .*, got 2.5/],
    [{ inputTokens: -1 }, /inputTokens must be .*, got -1/],
    [{ inputTokens: Number.NaN }, /inputTokens must be .*, got NaN/],
    [{ outputTokens: 0.5 }, /outputTokens must be .*, got 0.5/],
    [{ maxLatencyMs: -1 }, /maxLatencyMs must be .*, got -1/],
    [{ maxLatencyMs: Number.NaN }, /maxLatencyMs must be .*, got NaN/],
    [{ needs: { tools: 1 as never } }, /needs.tools must be true or false, got 1/],
    [{ allowSwitch: "yes" as never }, /allowSwitch must be true or false, got yes/],
  ])("is named when a task is routed, and nothing is charged: %o", (part, message) => {
    const { router } = sourceRouter();
    expect(() => router.route({ ...TASK, ...part })).toThrow(message);
    expect(router.budgetReport().totalCalls).toBe(0);
  });

  it("names a model that the router does not have", () => {
    expect(() => sourceRouter().router.estimateCostUsd("gpt-9", TASK)).toThrow(
      /there is no model "gpt-9", there are gpt-4.1-nano, /,
    );
  });
});
