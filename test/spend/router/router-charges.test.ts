import { describe, expect, it } from "vitest";
import { NoEligibleModelError } from "../../../src/errors/no-eligible-model-error.ts";
import { MINI, NANO, SONNET, sourceRouter, TASK } from "./support/source-router.ts";

/** Costs 1 + 1 = 2 dollars. */
const DEAR = { ...NANO, name: "dear", price: { input: 1_000, output: 1_000 } };
const TWO_DOLLARS = { complexity: 1, inputTokens: 1_000, outputTokens: 1_000 } as const;

function answered(status: number, headers: Record<string, string> = {}): Error {
  return Object.assign(new Error(`answered with ${status}`), { status, headers });
}

describe("what a call cost", () => {
  it("takes the place of its estimate", () => {
    const { router } = sourceRouter();
    const decision = router.route(TASK);
    // 1,000 × $0.1 + 200 × $0.4 per million.
    expect(router.record(decision, { usage: { input: 1_000, output: 200 } })).toBe(0.00018);
    expect(router.budgetReport()).toMatchObject({ spentUsd: 0.00018, pendingUsd: 0, totalCalls: 1 });
  });

  it("counts cached input at its own price", () => {
    const price = { input: 0.1, output: 0.4, cacheRead: 0.025 };
    const { router } = sourceRouter({ models: [{ ...NANO, price }] });
    const usage = { input: 2_000, output: 500, cacheRead: 1_000 };
    expect(router.record(router.route(TASK), { usage })).toBe(0.000325);
  });

  it("may be given in dollars, as a provider says it", () => {
    const { router } = sourceRouter();
    router.record(router.route(TASK), { costUsd: 0.25 });
    expect(router.budgetReport().spentUsd).toBe(0.25);
  });

  it("is that of the model that answered, where prices come from the table", () => {
    const { price: _, ...listed } = { ...NANO, name: "gpt-4.1" };
    const { router } = sourceRouter({ models: [listed] });
    const usage = { input: 1_000_000, output: 0 };
    const decisions = [router.route(TASK), router.route(TASK)] as const;
    expect(router.record(decisions[0], { usage })).toBe(2);
    expect(router.record(decisions[1], { usage, responseModel: "gpt-4.1-nano" })).toBe(0.1);
  });

  it("counts once, also when it is recorded twice", () => {
    const { router } = sourceRouter();
    const decision = router.route(TASK);
    for (let i = 0; i < 2; i++) router.record(decision, { costUsd: 1 });
    router.release(decision);
    expect(router.budgetReport()).toMatchObject({ spentUsd: 1, totalCalls: 1 });
  });

  it("is the estimate until it is known", () => {
    const { router } = sourceRouter();
    router.route(TASK);
    expect(router.budgetReport()).toMatchObject({ spentUsd: 0.0004, pendingUsd: 0.0004 });
  });

  it("is nothing for a call that was not made", () => {
    const { router } = sourceRouter();
    router.release(router.route(TASK));
    expect(router.budgetReport()).toMatchObject({ spentUsd: 0, pendingUsd: 0, totalCalls: 0 });
  });

  it("is its input for a call that failed after it had begun", () => {
    const { router } = sourceRouter();
    router.report(router.route(TASK), answered(500));
    expect(router.budgetReport()).toMatchObject({ spentUsd: 0.0002, totalCalls: 1 });
  });

  it.each([400, 401, 429])("is nothing for a call that the provider refused with %d", (status) => {
    const { router } = sourceRouter();
    router.report(router.route(TASK), answered(status));
    expect(router.budgetReport().spentUsd).toBe(0);
  });

  it("is told by model, the dearest first", () => {
    const { router } = sourceRouter();
    for (let i = 0; i < 3; i++) router.record(router.route(TASK), { costUsd: 0.1 });
    const hard = router.route({ ...TASK, complexity: 5, maxLatencyMs: 9_000 });
    router.record(hard, { costUsd: 0.5 });
    expect(router.reportByModel()).toEqual([
      { model: "claude-sonnet-4", provider: "anthropic", calls: 1, totalCostUsd: 0.5 },
      { model: "gpt-4.1-nano", provider: "openai", calls: 3, totalCostUsd: 0.3 },
    ]);
  });

  it.each([
    [{ costUsd: -1 }, /costUsd must be .*, got -1/],
    [{ costUsd: Number.NaN }, /costUsd must be .*, got NaN/],
    [{ usage: { input: -1, output: 0 } }, /input must be .*, got -1/],
    [{ usage: { input: 1, output: Number.NaN } }, /output must be .*, got NaN/],
  ])("is refused where it cannot be, and the estimate stays: %o", (actual, message) => {
    const { router } = sourceRouter();
    const decision = router.route(TASK);
    expect(() => router.record(decision, actual)).toThrow(message);
    expect(router.budgetReport()).toMatchObject({ spentUsd: 0.0004, pendingUsd: 0.0004 });
  });

  it("is refused for the copy of a decision, which could be recorded again and again", () => {
    const { router } = sourceRouter();
    const copy = { ...router.route(TASK) };
    expect(() => router.record(copy, { costUsd: 1 })).toThrow(/not a decision of router "router", or a copy/);
  });
});

describe("the monthly budget", () => {
  it("is reached to the cent and not passed", () => {
    const { router } = sourceRouter({ models: [DEAR], monthlyBudgetUsd: 4 });
    router.route(TWO_DOLLARS);
    router.route(TWO_DOLLARS);
    expect(router.budgetReport()).toMatchObject({ remainingUsd: 0, utilizationPct: 100 });
    expect(() => router.route(TWO_DOLLARS)).toThrow(NoEligibleModelError);
  });

  it("leads to a cheaper model when the dearer one does not fit into it any more", () => {
    const { router } = sourceRouter({ models: [NANO, SONNET], monthlyBudgetUsd: 0.01 });
    const hard = { complexity: 5, inputTokens: 2_000, outputTokens: 200 } as const;
    expect(router.route(hard).model).toBe("claude-sonnet-4");
    expect(router.route(hard)).toMatchObject({ model: "gpt-4.1-nano", relaxed: true });
  });

  it("of 0 lets only what is free pass", () => {
    const free = { ...NANO, name: "local", price: { input: 0, output: 0 } };
    expect(sourceRouter({ models: [NANO, free], monthlyBudgetUsd: 0 }).router.route(TASK).model).toBe(
      "local",
    );
  });

  it("blocks the next call when one cost more than estimated", () => {
    const { router } = sourceRouter({ models: [DEAR], monthlyBudgetUsd: 5 });
    router.record(router.route(TWO_DOLLARS), { costUsd: 7 });
    expect(router.budgetReport()).toMatchObject({ spentUsd: 7, remainingUsd: 0, utilizationPct: 140 });
    expect(() => router.route(TWO_DOLLARS)).toThrow(NoEligibleModelError);
  });

  it("says with a refusal when the month ends", () => {
    // 2026-01-01 in UTC.
    const { router, clock } = sourceRouter({ models: [DEAR], monthlyBudgetUsd: 2 });
    router.route(TWO_DOLLARS);
    clock.advance(86_400_000);
    const refused = expect.objectContaining({ retryAfterMs: 30 * 86_400_000 });
    expect(() => router.route(TWO_DOLLARS)).toThrow(refused);
  });

  it("does not say so where no month is enough", () => {
    const { router } = sourceRouter({ models: [DEAR], monthlyBudgetUsd: 1 });
    expect(() => router.route(TWO_DOLLARS)).toThrow(expect.objectContaining({ retryAfterMs: undefined }));
  });

  it("begins anew with the calendar month", () => {
    const { router, clock } = sourceRouter({ models: [DEAR], monthlyBudgetUsd: 2 });
    router.route(TWO_DOLLARS);
    clock.advance(31 * 86_400_000 - 1);
    expect(() => router.route(TWO_DOLLARS)).toThrow(NoEligibleModelError);
    clock.advance(1);
    expect(router.budgetReport()).toMatchObject({ spentUsd: 0, totalCalls: 0 });
    router.route(TWO_DOLLARS);
  });

  it("begins anew at midnight of its time zone", () => {
    // It is 2026-01-01, 01:00 in Berlin; its January ends at 23:00 in UTC.
    const { router, clock } = sourceRouter({
      models: [DEAR],
      monthlyBudgetUsd: 2,
      timeZone: "Europe/Berlin",
    });
    router.route(TWO_DOLLARS);
    clock.advance(31 * 86_400_000 - 3_600_000 - 1);
    expect(() => router.route(TWO_DOLLARS)).toThrow(NoEligibleModelError);
    clock.advance(1);
    router.route(TWO_DOLLARS);
  });

  it("is that of the decision's month, where a call ends in the next one", () => {
    const { router, clock } = sourceRouter({ models: [DEAR] });
    const decision = router.route(TWO_DOLLARS);
    clock.advance(31 * 86_400_000);
    router.record(decision, { costUsd: 3 });
    expect(router.budgetReport().spentUsd).toBe(0);
  });

  it("does not come back to life when the clock is set forward a month and back", () => {
    const { router, clock } = sourceRouter({ models: [DEAR], monthlyBudgetUsd: 2 });
    const startMs = clock.now();
    router.route(TWO_DOLLARS);
    clock.setWallClock(startMs + 40 * 86_400_000);
    router.route(TWO_DOLLARS);
    clock.setWallClock(startMs);
    expect(router.budgetReport().spentUsd).toBe(2);
    expect(() => router.route(TWO_DOLLARS)).toThrow(NoEligibleModelError);
  });

  it("is cheaper than always the dearest model by more than 60 % when most tasks are simple", () => {
    const { router } = sourceRouter({ models: [NANO, MINI, SONNET] });
    const spent = [1, 1, 1, 1, 2, 2, 2, 3, 3, 4].reduce(
      (sum, complexity) =>
        sum +
        router.route({ complexity: complexity as 1, inputTokens: 2_000, outputTokens: 500 }).estimatedCostUsd,
      0,
    );
    expect(spent).toBeLessThan(0.4 * 10 * router.estimateCostUsd("claude-sonnet-4", TASK)!);
  });
});
