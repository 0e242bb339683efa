import { describe, expect, it } from "vitest";
import type { After } from "../../../src/internal/timers.ts";
import { type TokenBudgetOptions, tokenBudget } from "../../../src/spend/token-budget.ts";
import { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import { ManualClock } from "../../../src/testing/index.ts";

/** Timers that ring when they are told to. */
function manualTimers() {
  const set = new Map<object, { readonly ms: number; readonly run: () => void }>();
  const after: After = (ms, run) => {
    const key = {};
    set.set(key, { ms, run });
    return () => void set.delete(key);
  };
  const ring = (ms: number): void => {
    for (const [key, timer] of [...set]) {
      if (timer.ms !== ms) continue;
      set.delete(key);
      timer.run();
    }
  };
  return { after, ring, waiting: () => [...set.values()].map(({ ms }) => ms) };
}

/** A budget of one agent that holds all of its 100 tokens. */
function setUp(options: Partial<TokenBudgetOptions> = {}) {
  const clock = new ManualClock();
  const metrics = new MetricSources();
  const timers = manualTimers();
  const budget = tokenBudget({ total: 100, clock, metrics, after: timers.after, ...options });
  budget.register("a");
  const held = [budget.request("a", 50), budget.request("a", 50)] as const;
  const order: string[] = [];
  const acquire = (who: string, tokens: number, more: Parameters<typeof budget.acquire>[2] = {}) =>
    budget.acquire("a", tokens, more).then((lease) => {
      order.push(who);
      return lease;
    });
  return { budget, clock, timers, held, order, acquire, metrics };
}

describe("who waits for tokens", () => {
  it("gets them at once where they are there", async () => {
    const { acquire, held, timers } = setUp();
    held[0].release();
    expect(await acquire("one", 50)).toMatchObject({ granted: 50, partial: false });
    expect(timers.waiting()).toEqual([]);
  });

  it("gets them when they come back", async () => {
    const { acquire, held, timers } = setUp();
    const one = acquire("one", 50);
    held[0].release();
    expect(await one).toMatchObject({ granted: 50 });
    expect(timers.waiting()).toEqual([]);
  });

  it("gets them in the order of coming, also where a later one would need less", async () => {
    const { acquire, held, order } = setUp();
    const all = [acquire("large", 80), acquire("small", 10)];
    held[0].release();
    await Promise.resolve();
    expect(order).toEqual([]);
    held[1].release();
    await Promise.all(all);
    expect(order).toEqual(["large", "small"]);
  });

  it("gets less where less will do", async () => {
    const { acquire, held } = setUp();
    const one = acquire("one", 80, { min: 40 });
    held[0].release();
    expect(await one).toMatchObject({ granted: 50, partial: true });
  });

  it("gets what an expired lease gives back, although nobody calls", async () => {
    const { acquire, clock, timers } = setUp({ leaseMs: 1_000 });
    const one = acquire("one", 100);
    clock.advance(1_000);
    timers.ring(1_000);
    expect(await one).toMatchObject({ granted: 100 });
  });

  it("gets what an idle agent has, once it has been idle long enough", async () => {
    const { budget, clock, timers } = setUp({ total: 200, idleAfterMs: 500 });
    budget.register("idle", { share: 0.5 });
    const one = budget.acquire("a", 50);
    clock.advance(500);
    timers.ring(500);
    expect(await one).toMatchObject({ granted: 50 });
  });

  it("is refused when its time is over", async () => {
    const { acquire, timers } = setUp();
    const one = acquire("one", 50, { timeoutMs: 200 });
    timers.ring(200);
    await expect(one).rejects.toMatchObject({ code: "token_budget_exhausted", asked: 50, available: 0 });
  });

  it("waits for 30 s where nothing else is said", async () => {
    const { acquire, held, timers } = setUp();
    const one = acquire("one", 50);
    expect(timers.waiting()).toContain(30_000);
    held[0].release();
    await one;
  });

  it("leaves with the signal's reason, and lets those behind it pass", async () => {
    const { acquire, held } = setUp();
    const controller = new AbortController();
    const gone = new Error("gone");
    const large = acquire("large", 100, { signal: controller.signal });
    const small = acquire("small", 50);
    held[0].release();
    controller.abort(gone);
    await expect(large).rejects.toBe(gone);
    expect(await small).toMatchObject({ granted: 50 });
  });

  it("gets nothing when it had left before it came", async () => {
    const { acquire, budget, held } = setUp();
    held[0].release();
    const gone = new Error("gone");
    await expect(acquire("one", 10, { signal: AbortSignal.abort(gone) })).rejects.toBe(gone);
    expect(budget.usage().totalGranted).toBe(50);
  });

  it("is refused at once where all that is out would not be enough", async () => {
    const { acquire, held } = setUp();
    held[0].report(50);
    await expect(acquire("one", 51)).rejects.toMatchObject({ code: "token_budget_exhausted" });
  });

  it("is refused at once where a thousand wait", async () => {
    const { acquire, budget, held } = setUp();
    const all = Array.from({ length: 1_000 }, () => acquire("one", 1).then((lease) => lease.release()));
    await expect(acquire("one", 1)).rejects.toMatchObject({ code: "token_budget_exhausted" });
    held[0].release();
    await Promise.all(all);
    expect(budget.usage().totalGranted).toBe(50);
  });

  it("is counted as refused when its time is over", async () => {
    const { acquire, metrics, timers } = setUp();
    const one = acquire("one", 50, { timeoutMs: 200 });
    timers.ring(200);
    await one.catch(() => {});
    const counted = metrics.collect().find(({ name }) => name === "agents.token_budget.rejections");
    expect(counted?.points).toMatchObject([{ value: 1 }]);
  });

  it("is not granted what was promised to another in the same moment", async () => {
    // Each reading of the clock is a millisecond later, so that a lease expires in the midst of a request.
    let nowMs = 0;
    const clock = { now: () => 0, monotonic: () => nowMs++ };
    for (let leaseMs = 1; leaseMs <= 30; leaseMs++) {
      const { after } = manualTimers();
      const budget = tokenBudget({ total: 100, leaseMs, clock, after, metrics: new MetricSources() });
      budget.register("a");
      budget.register("b");
      const held = budget.request("a", 60);
      const waits = [budget.acquire("b", 60), budget.acquire("a", 60)];
      for (let i = 0; i < 20; i++) {
        try {
          budget.request(i % 2 === 0 ? "a" : "b", 15);
        } catch {
          // Nothing left just now.
        }
        const { totalGranted, totalUsed, agents } = budget.usage();
        expect(totalGranted + totalUsed).toBeLessThanOrEqual(100);
        expect(agents.every(({ remaining }) => remaining >= 0)).toBe(true);
      }
      held.release();
      // All leases expire, those of the first waiter too, and then the second one has its turn.
      for (let i = 0; i < 2; i++) {
        nowMs += 1_000;
        budget.usage();
      }
      await Promise.allSettled(waits);
    }
  });

  it.each([0, -1, 1.5, Number.NaN])("cannot wait for %d tokens", async (tokens) => {
    await expect(setUp().acquire("one", tokens)).rejects.toThrow(RangeError);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("cannot wait for %d ms", async (timeoutMs) => {
    await expect(setUp().acquire("one", 1, { timeoutMs })).rejects.toThrow(
      `timeoutMs must be a whole number from 0 to 2147483647, got ${timeoutMs}`,
    );
  });

  it("cannot be an agent that is not registered", async () => {
    await expect(setUp().budget.acquire("nobody", 1)).rejects.toMatchObject({
      code: "token_budget_unknown_agent",
    });
  });
});

describe("an estimate of what to ask for", () => {
  const used = (ratios: readonly number[]) => {
    const budget = tokenBudget({ total: 1_000_000, metrics: new MetricSources() });
    budget.register("a");
    for (const ratio of ratios) {
      const lease = budget.request("a", 100);
      lease.report(Math.round(100 * ratio));
      lease.release();
    }
    return budget;
  };

  it("is the number itself before anything is known", () => {
    expect(used([]).estimate("a", 1_000)).toBe(1_000);
  });

  it("is what 95 of 100 calls stayed within", () => {
    const ratios = Array.from({ length: 100 }, (_, i) => (i + 1) / 50);
    expect(used(ratios).estimate("a", 1_000)).toBe(1_900);
  });

  it("forgets what is more than a hundred calls ago", () => {
    expect(used([...Array(100).fill(5), ...Array(100).fill(0.5)]).estimate("a", 1_000)).toBe(500);
  });

  it("learns nothing from a lease on which nobody reported", () => {
    expect(used([2, 0, 0]).estimate("a", 1_000)).toBe(2_000);
  });

  it("is never more than the total", () => {
    expect(used([9]).estimate("a", 900_000)).toBe(1_000_000);
  });
});
