import { describe, expect, it } from "vitest";
import { TokenBudgetExhaustedError } from "../../../src/errors/token-budget-exhausted-error.ts";
import { TokenBudgetUnknownAgentError } from "../../../src/errors/token-budget-unknown-agent-error.ts";
import type { TokenBudgetOptions } from "../../../src/spend/token-budget/token-budget-options.ts";
import { tokenBudget } from "../../../src/spend/token-budget.ts";
import { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import { ManualClock } from "../../../src/testing/index.ts";

function setUp(options: Partial<TokenBudgetOptions> = {}) {
  const clock = new ManualClock();
  const budget = tokenBudget({ total: 100_000, clock, metrics: new MetricSources(), ...options });
  const of = (agent: string) => budget.usage().agents.find((each) => each.agent === agent)!;
  const allocated = () => budget.usage().agents.map((each) => each.allocated);
  return { budget, clock, of, allocated };
}

/** The source's team. */
function team() {
  const all = setUp();
  all.budget.register("researcher", { priority: 2 });
  all.budget.register("writer", { priority: 1.5 });
  all.budget.register("reviewer", { priority: 1 });
  return all;
}

describe("a token budget, by the source's example", () => {
  it("grants the researcher its 15,000", () => {
    expect(team().budget.request("researcher", 15_000)).toMatchObject({ granted: 15_000, partial: false });
  });

  it("grants the writer its 20,000 after that", () => {
    const { budget } = team();
    budget.request("researcher", 15_000);
    expect(budget.request("writer", 20_000)).toMatchObject({ granted: 20_000, partial: false });
  });

  it("reports 35,000 of 100,000 used, and 65,000 left", () => {
    const { budget } = team();
    budget.request("researcher", 15_000).report(15_000);
    budget.request("writer", 20_000).report(20_000);
    expect(budget.usage()).toMatchObject({
      totalBudget: 100_000,
      totalAllocated: 100_000,
      totalUsed: 35_000,
      budgetRemaining: 65_000,
    });
  });

  it("reports each agent's tokens and priority", () => {
    const { budget, of } = team();
    budget.request("writer", 20_000).report(20_000);
    // 1.5 of 4.5 parts.
    expect(of("writer")).toEqual({
      agent: "writer",
      priority: 1.5,
      allocated: 33_333,
      used: 20_000,
      granted: 0,
      remaining: 13_333,
      utilization: 20_000 / 33_333,
    });
  });

  it("lets the writer take from the idle reviewer when its own share is used up", () => {
    const { budget, clock, of } = team();
    clock.advance(1_000);
    budget.request("researcher", 15_000);
    clock.advance(1_000);
    const before = of("reviewer").allocated;
    expect(budget.request("writer", 40_000).granted).toBe(40_000);
    expect(of("reviewer").allocated).toBe(before - (40_000 - 33_333));
  });
});

describe("shares", () => {
  it("are equal for agents of equal priority", () => {
    const { budget, allocated } = setUp();
    for (const agent of ["a", "b", "c", "d"]) budget.register(agent);
    expect(allocated()).toEqual([25_000, 25_000, 25_000, 25_000]);
  });

  it("follow priority, and add up to the total to the token", () => {
    expect(team().allocated()).toEqual([44_445, 33_333, 22_222]);
  });

  it("may be fixed; the others split the rest", () => {
    const { budget, allocated } = setUp();
    budget.register("a", { share: 0.3 });
    budget.register("b");
    budget.register("c");
    expect(allocated()).toEqual([30_000, 35_000, 35_000]);
  });

  it("stay when they are fixed and more agents come", () => {
    const { budget, of } = setUp();
    budget.register("a", { share: 0.3 });
    for (const agent of ["b", "c", "d"]) budget.register(agent);
    expect(of("a").allocated).toBe(30_000);
  });

  it("leave to an agent what it has used when others come later", () => {
    const { budget, allocated } = setUp();
    budget.register("a");
    budget.request("a", 80_000).report(80_000);
    budget.register("b");
    expect(allocated()).toEqual([80_000, 20_000]);
  });

  it("of nobody serve whoever asks", () => {
    const { budget } = setUp();
    budget.register("a", { share: 0.1 });
    expect(budget.request("a", 60_000).granted).toBe(60_000);
  });
});

describe("a request", () => {
  it("gets in part what is there when it asks for more", () => {
    const { budget } = setUp({ total: 100 });
    budget.register("a");
    expect(budget.request("a", 150)).toMatchObject({ asked: 150, granted: 100, partial: true });
  });

  it("takes at most half of what a donor has left", () => {
    const { budget, of } = setUp({ total: 100 });
    budget.register("a");
    budget.register("b");
    expect(budget.request("a", 100).granted).toBe(75);
    expect(of("b").remaining).toBe(25);
  });

  it("takes from the one that has been idle longest first", () => {
    const { budget, clock, of } = setUp({ total: 90 });
    for (const agent of ["a", "b", "c"]) budget.register(agent);
    clock.advance(10);
    budget.request("b", 1).release();
    clock.advance(10);
    budget.request("a", 35);
    expect([of("b").allocated, of("c").allocated]).toEqual([30, 25]);
  });

  it("takes from the lowest priority first among those that are idle equally long", () => {
    const { budget, of } = setUp({ total: 90 });
    budget.register("a", { share: 30 / 90 });
    budget.register("high", { share: 30 / 90, priority: 3 });
    budget.register("low", { share: 30 / 90, priority: 1 });
    budget.request("a", 35);
    expect([of("high").allocated, of("low").allocated]).toEqual([30, 25]);
  });

  it("leaves those alone that were active within idleAfterMs", () => {
    const { budget, clock, of } = setUp({ total: 100, idleAfterMs: 1_000 });
    budget.register("a");
    budget.register("b");
    clock.advance(999);
    expect(budget.request("a", 100).granted).toBe(50);
    expect(of("b").allocated).toBe(50);
  });

  it("takes from them once they have been idle so long", () => {
    const { budget, clock } = setUp({ total: 100, idleAfterMs: 1_000 });
    budget.register("a");
    budget.register("b");
    clock.advance(1_000);
    expect(budget.request("a", 100).granted).toBe(75);
  });

  it("is refused when nothing is left, with the facts as fields", () => {
    const { budget } = setUp({ total: 100, name: "session" });
    budget.register("a");
    budget.request("a", 60).report(60);
    budget.request("a", 40);
    const refused = expect.objectContaining({
      code: "token_budget_exhausted",
      budget: "session",
      ...{ agent: "a", asked: 10, min: 1, available: 0, total: 100, used: 60, granted: 40 },
    });
    expect(() => budget.request("a", 10)).toThrow(TokenBudgetExhaustedError);
    expect(() => budget.request("a", 10)).toThrow(refused);
  });

  it("is refused below its minimum, and then nothing has been taken from anyone", () => {
    const { budget } = setUp({ total: 100 });
    budget.register("a");
    budget.register("b");
    const before = budget.usage();
    expect(() => budget.request("a", 100, { min: 76 })).toThrow(
      expect.objectContaining({ available: 75, min: 76 }),
    );
    expect(budget.usage()).toEqual(before);
  });

  it("of an agent that is not registered is refused, and says who is", () => {
    const { budget } = setUp();
    budget.register("a");
    expect(() => budget.request("b", 1)).toThrow(TokenBudgetUnknownAgentError);
    expect(() => budget.request("b", 1)).toThrow(
      expect.objectContaining({ code: "token_budget_unknown_agent", agent: "b", known: ["a"] }),
    );
  });

  it("can be foreseen", () => {
    const { budget } = setUp({ total: 100 });
    budget.register("a");
    budget.register("b");
    expect(budget.available("a")).toBe(75);
    expect(budget.request("a", 100).granted).toBe(75);
  });
});

describe("the reserve", () => {
  it("is not granted to others", () => {
    const { budget } = setUp({ total: 100, reserved: 20 });
    budget.register("a");
    expect(budget.request("a", 100).granted).toBe(80);
  });

  it("lets the one who ends the work work when all else is used up", () => {
    const { budget } = setUp({ total: 100, reserved: 20 });
    budget.register("a");
    budget.register("finaliser", { share: 0, usesReserve: true });
    budget.request("a", 80).report(80);
    expect(budget.request("finaliser", 50).granted).toBe(20);
  });

  it("gets back what was not used of it, and not the agents' shares", () => {
    const { budget } = setUp({ total: 100, reserved: 20 });
    budget.register("a");
    budget.register("finaliser", { share: 0, usesReserve: true });
    budget.request("a", 80);
    const lease = budget.request("finaliser", 20);
    lease.report(5);
    lease.release();
    expect(budget.usage().reserved).toBe(15);
    expect(() => budget.request("a", 1)).toThrow(TokenBudgetExhaustedError);
  });
});

describe("a lease", () => {
  it("gives back what was not used", () => {
    const { budget, of } = setUp({ total: 100 });
    budget.register("a");
    const lease = budget.request("a", 100);
    lease.report(30);
    lease.release();
    expect(of("a")).toMatchObject({ used: 30, granted: 0, remaining: 70 });
  });

  it("may be released twice, which gives nothing back twice", () => {
    const { budget, of } = setUp({ total: 100 });
    budget.register("a");
    const [one, other] = [budget.request("a", 40), budget.request("a", 40)];
    one.release();
    one.release();
    expect(of("a")).toMatchObject({ granted: 40, remaining: 60 });
    expect(other.remaining).toBe(40);
  });

  it("serves several calls", () => {
    const { budget } = setUp({ total: 100 });
    budget.register("a");
    const lease = budget.request("a", 50);
    lease.report(20);
    lease.report(20);
    expect(lease.remaining).toBe(10);
  });

  it("expires, and gives back what it has left", () => {
    const { budget, clock, of } = setUp({ total: 100, leaseMs: 1_000 });
    budget.register("a");
    const lease = budget.request("a", 100);
    lease.report(10);
    clock.advance(1_000);
    expect(of("a")).toMatchObject({ used: 10, granted: 0, remaining: 90 });
    expect(lease.isOpen).toBe(false);
    expect(budget.usage().expiredLeases).toBe(1);
  });

  it("lasts as long again after a report", () => {
    const { budget, clock } = setUp({ total: 100, leaseMs: 1_000 });
    budget.register("a");
    const lease = budget.request("a", 100);
    clock.advance(999);
    lease.report(1);
    clock.advance(999);
    expect(lease.isOpen).toBe(true);
  });

  it("does not expire when the wall clock is set forward", () => {
    const { budget, clock } = setUp({ total: 100, leaseMs: 1_000 });
    budget.register("a");
    const lease = budget.request("a", 100);
    clock.setWallClock(clock.now() + 3_600_000);
    expect(lease.isOpen).toBe(true);
  });

  it("is released by use() also when the function throws", async () => {
    const { budget, of } = setUp({ total: 100 });
    budget.register("a");
    const boom = new Error("boom");
    const used = budget.use("a", 100, async (lease) => {
      lease.report(25);
      throw boom;
    });
    await expect(used).rejects.toBe(boom);
    expect(of("a")).toMatchObject({ used: 25, granted: 0, remaining: 75 });
  });
});

describe("tokens used beyond the grant", () => {
  it("are charged to the agent's own share first", () => {
    const { budget, of } = setUp({ total: 100 });
    budget.register("a");
    budget.register("b");
    budget.request("a", 10).report(30);
    expect([of("a").remaining, of("b").remaining]).toEqual([20, 50]);
  });

  it("reduce what the others have left, in proportion", () => {
    const { budget, of } = setUp({ total: 100 });
    budget.register("a", { share: 0.2 });
    budget.register("b", { share: 0.2 });
    budget.register("c", { share: 0.6 });
    budget.request("a", 20).report(60);
    expect([of("a").remaining, of("b").remaining, of("c").remaining]).toEqual([0, 10, 30]);
  });

  it("touch the reserve last", () => {
    const { budget } = setUp({ total: 100, reserved: 20 });
    budget.register("a");
    budget.request("a", 80).report(85);
    expect(budget.usage()).toMatchObject({ reserved: 15, overrun: 0 });
  });

  it("are told as overrun when nothing is left, and nothing more is granted", () => {
    const { budget } = setUp({ total: 100 });
    budget.register("a");
    budget.request("a", 100).report(130);
    expect(budget.usage()).toMatchObject({ totalUsed: 130, overrun: 30, budgetRemaining: 0 });
    expect(() => budget.request("a", 1)).toThrow(TokenBudgetExhaustedError);
  });

  it("are paid off with what others give back", () => {
    const { budget } = setUp({ total: 100 });
    budget.register("a");
    budget.register("b");
    const lease = budget.request("b", 50);
    budget.request("a", 50).report(80);
    expect(budget.usage().overrun).toBe(30);
    lease.release();
    expect(budget.usage()).toMatchObject({ overrun: 0, budgetRemaining: 20 });
    expect(budget.available("b")).toBe(20);
  });

  it("count also when they are reported after the release", () => {
    const { budget, of } = setUp({ total: 100 });
    budget.register("a");
    const lease = budget.request("a", 50);
    lease.release();
    lease.report(20);
    expect(of("a")).toMatchObject({ used: 20, remaining: 80 });
  });

  it("are charged to open leases first when they are reported by agent", () => {
    const { budget, of } = setUp({ total: 100 });
    budget.register("a");
    const lease = budget.request("a", 30);
    budget.report("a", 50);
    expect(lease.remaining).toBe(0);
    expect(of("a")).toMatchObject({ used: 50, granted: 0, remaining: 50 });
  });
});

describe("bad input", () => {
  it.each([
    [{ total: 0 }, /total must be a whole number from 1 to .*, got 0/],
    [{ total: -5 }, /total must be .*, got -5/],
    [{ total: Number.NaN }, /total must be .*, got NaN/],
    [{ total: 1.5 }, /total must be .*, got 1.5/],
    [{ total: 10, reserved: -1 }, /reserved must be .*, got -1/],
    [{ total: 10, reserved: 11 }, /reserved must be a whole number from 0 to 10, got 11/],
    [{ total: 10, leaseMs: 0 }, /leaseMs must be .*, got 0/],
    [{ total: 10, leaseMs: Number.NaN }, /leaseMs must be .*, got NaN/],
    [{ total: 10, idleAfterMs: -1 }, /idleAfterMs must be .*, got -1/],
    [{ total: 10, name: "" }, /name must not be empty/],
  ])("is named when the budget is made: %j", (options, message) => {
    expect(() => tokenBudget({ metrics: new MetricSources(), ...options })).toThrow(message);
  });

  it.each([
    [{ priority: 0 }, /priority of "a" must be .*, got 0/],
    [{ priority: -1 }, /priority of "a" must be .*, got -1/],
    [{ priority: Number.NaN }, /priority of "a" must be .*, got NaN/],
    [{ share: -0.1 }, /share of "a" must be a number from 0 to 1, got -0.1/],
    [{ share: 1.1 }, /share of "a" must be .*, got 1.1/],
    [{ share: Number.NaN }, /share of "a" must be .*, got NaN/],
    [{ usesReserve: 1 as unknown as boolean }, /usesReserve of "a" must be true or false, got 1/],
  ])("is named when an agent is registered: %j", (options, message) => {
    expect(() => setUp().budget.register("a", options)).toThrow(message);
  });

  it("names an agent that is registered already", () => {
    const { budget } = setUp();
    budget.register("a");
    expect(() => budget.register("a")).toThrow(/agent "a" is registered already/);
  });

  it("names shares that come to more than everything", () => {
    const { budget } = setUp();
    budget.register("a", { share: 0.7 });
    expect(() => budget.register("b", { share: 0.4 })).toThrow(/shares must come to at most 1, with "b"/);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses a request for %d tokens", (tokens) => {
    const { budget } = setUp();
    budget.register("a");
    expect(() => budget.request("a", tokens)).toThrow(RangeError);
  });

  it.each([0, 11, Number.NaN])("refuses a minimum of %d for ten tokens", (min) => {
    const { budget } = setUp();
    budget.register("a");
    expect(() => budget.request("a", 10, { min })).toThrow(RangeError);
  });

  it.each([-1, 0.5, Number.NaN])("refuses a report of %d tokens, and counts nothing", (tokens) => {
    const { budget, of } = setUp();
    budget.register("a");
    const lease = budget.request("a", 10);
    expect(() => lease.report(tokens)).toThrow(RangeError);
    expect(() => budget.report("a", tokens)).toThrow(RangeError);
    expect(of("a").used).toBe(0);
  });

  it("takes no harm from names that objects have by themselves", () => {
    const { budget } = setUp();
    budget.register("__proto__");
    expect(() => budget.request("constructor", 1)).toThrow(TokenBudgetUnknownAgentError);
    expect(budget.request("__proto__", 1).granted).toBe(1);
  });
});
