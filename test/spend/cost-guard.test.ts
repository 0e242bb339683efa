import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agent } from "../../src/agent/agent.ts";
import { chat } from "../../src/agent/chat.ts";
import { BudgetExceededError } from "../../src/errors/budget-exceeded-error.ts";
import { UnpricedModelError } from "../../src/errors/unpriced-model-error.ts";
import { observe } from "../../src/instrumentation/observe.ts";
import { BreakerRegistry } from "../../src/resilience/breaker-registry.ts";
import { circuitBreaker } from "../../src/resilience/circuit-breaker.ts";
import { wrap } from "../../src/resilience/wrap.ts";
import type { CostGuardOptions, NearlyUsedListener } from "../../src/spend/budget/budget-options.ts";
import { costGuard } from "../../src/spend/cost-guard.ts";
import { memoryBudgets } from "../../src/stores/budgets/memory-budgets.ts";
import { sqliteStore } from "../../src/stores/sqlite/sqlite-store.ts";
import { MetricSources } from "../../src/telemetry/metric-sources.ts";
import { ManualClock, type ScriptedProvider, scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";

const HOUR_MS = 3_600_000;

function setUp(options: CostGuardOptions = {}) {
  const clock = new ManualClock();
  const metrics = new MetricSources();
  const guard = costGuard({ clock, metrics, ...options });
  const read = (name: string): Record<string, number> => {
    const instrument = metrics.collect().find((each) => each.name === name);
    if (instrument === undefined || instrument.kind === "histogram") return {};
    return Object.fromEntries(
      instrument.points.map(({ attributes, value }) => [attributes["agents.budget.window"] ?? "", value]),
    );
  };
  return { guard, clock, read };
}

/** A call that costs so many dollars. */
const spend = (costUsd: number) =>
  chat({ provider: "openai", model: "gpt-4o-mini" }, async (call) => {
    call.usage({ input: 1, output: 1 });
    call.response({ costUsd });
    return "answer";
  });

const refusal = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("by hand", () => {
  it("a reservation takes from what is left, and its settlement gives the rest back", async () => {
    const { guard } = setUp({ perRequestUsd: 1, hourlyUsd: 10, dailyUsd: 100 });
    const reservation = await guard.reserve(1);
    expect(await guard.remaining()).toEqual({ requestUsd: 1, hourUsd: 9, dayUsd: 99 });
    await reservation.settle(0.25);
    expect(await guard.remaining()).toEqual({ requestUsd: 1, hourUsd: 9.75, dayUsd: 99.75 });
  });

  it("a release gives all of it back", async () => {
    const { guard } = setUp();
    await (await guard.reserve(1)).release();
    expect((await guard.remaining()).hourUsd).toBe(10);
  });

  it("the first end of a reservation counts", async () => {
    const { guard } = setUp();
    const reservation = await guard.reserve(1);
    await reservation.settle(0.5);
    await reservation.release();
    await reservation.settle(1);
    expect((await guard.remaining()).hourUsd).toBe(9.5);
  });

  it("more than one request may cost is refused", async () => {
    const { guard } = setUp({ perRequestUsd: 0.5 });
    expect(await refusal(guard.reserve(0.6))).toMatchObject({
      code: "budget_exceeded",
      window: "request",
      limitUsd: 0.5,
      askedUsd: 0.6,
    });
  });

  it.each<["hourlyUsd" | "dailyUsd" | "monthlyUsd", string, number]>([
    ["hourlyUsd", "hour", HOUR_MS],
    ["dailyUsd", "day", 24 * HOUR_MS],
    ["monthlyUsd", "month", 31 * 24 * HOUR_MS],
  ])("the %s is held, and free again in its next window", async (option, window, lengthMs) => {
    const limits = { perRequestUsd: 1, hourlyUsd: 1_000, dailyUsd: 1_000, monthlyUsd: 1_000, [option]: 2 };
    const { guard, clock } = setUp(limits);
    for (let i = 0; i < 2; i++) await (await guard.reserve(1)).settle(1);
    const error = await refusal(guard.reserve(0.01));
    expect(error).toBeInstanceOf(BudgetExceededError);
    expect(error).toMatchObject({ scope: "default", window, limitUsd: 2, spentUsd: 2, reservedUsd: 0 });
    const { resetAtMs } = error as BudgetExceededError;
    expect(resetAtMs).toBeGreaterThan(clock.now());
    expect(resetAtMs).toBeLessThanOrEqual(clock.now() + lengthMs);
    clock.advance(resetAtMs! - clock.now());
    expect((await guard.reserve(1)).maxUsd).toBe(1);
  });

  it("a thousand who ask at once, ten times too many, spend nothing beyond the limit", async () => {
    const { guard } = setUp({ perRequestUsd: 1, hourlyUsd: 100, dailyUsd: 100 });
    const settled = await Promise.allSettled(
      Array.from({ length: 1_000 }, async () => {
        const reservation = await guard.reserve(1);
        await reservation.settle(1);
      }),
    );
    expect(settled.filter(({ status }) => status === "fulfilled").length).toBe(100);
    expect((await guard.remaining()).hourUsd).toBe(0);
  });

  it("one who never ends it has spent all of it", async () => {
    const { guard, clock } = setUp({ reservationTtlMs: 60_000 });
    await guard.reserve(1);
    clock.advance(60_000);
    expect((await guard.remaining()).hourUsd).toBe(9);
  });

  it("scopes have budgets of their own", async () => {
    let tenant = "a";
    const { guard } = setUp({ hourlyUsd: 1, scope: () => tenant });
    await (await guard.reserve(1)).settle(1);
    tenant = "b";
    expect((await guard.remaining()).hourUsd).toBe(1);
  });

  it("a clock that is set back finds what was spent", async () => {
    const { guard, clock } = setUp({ hourlyUsd: 1 });
    await (await guard.reserve(1)).settle(1);
    const at = clock.now();
    clock.advance(HOUR_MS);
    await guard.reserve(1);
    clock.setWallClock(at);
    expect(await refusal(guard.reserve(1))).toBeInstanceOf(BudgetExceededError);
  });
});

describe("as a policy", () => {
  it("settles what the model calls of the request did cost, its agents' included", async () => {
    const { guard } = setUp();
    const inner = agent("inner", () => spend(0.2));
    await guard.execute(async () => {
      await spend(0.1);
      await inner();
    });
    expect((await guard.remaining()).hourUsd).toBeCloseTo(9.7, 9);
  });

  it("settles what a request cost that failed", async () => {
    const { guard } = setUp();
    const boom = new Error("boom");
    const run = guard.execute(async () => {
      await spend(0.1);
      throw boom;
    });
    expect(await refusal(run)).toBe(boom);
    expect((await guard.remaining()).hourUsd).toBeCloseTo(9.9, 9);
  });

  it("refuses a request for which a window has no room, before anything is called", async () => {
    const { guard } = setUp({ hourlyUsd: 0.5, perRequestUsd: 1 });
    let called = false;
    const run = guard.execute(() => {
      called = true;
    });
    expect(await refusal(run)).toMatchObject({ window: "hour", limitUsd: 0.5, askedUsd: 1 });
    expect(called).toBe(false);
  });

  it("refuses the next model call of a request that has used up its part", async () => {
    const { guard } = setUp({ perRequestUsd: 0.25 });
    let made = 0;
    const run = guard.execute(async () => {
      for (;;) {
        await spend(0.1);
        made += 1;
      }
    });
    expect(await refusal(run)).toMatchObject({ window: "request", limitUsd: 0.25, spentUsd: 0.3 });
    expect(made).toBe(3);
  });

  it("counts what went beyond, since nobody knew the maximum, and lets it block what follows", async () => {
    const { guard, read } = setUp({ perRequestUsd: 1, hourlyUsd: 1 });
    await guard.execute(() => spend(1.5));
    expect(read("agents.budget.overrun")).toEqual({ "": 0.5 });
    expect(await refusal(guard.reserve(0))).toMatchObject({ window: "hour", spentUsd: 1.5 });
  });

  it("refuses calls of a model whose price nobody knows", async () => {
    const { guard } = setUp();
    const run = guard.execute(() => chat({ provider: "mine", model: "no-such-model" }, async () => "x"));
    expect(await refusal(run)).toBeInstanceOf(UnpricedModelError);
  });

  it("keeps the type of a function that it is put around", async () => {
    const { guard } = setUp();
    const research = guard.around(async (question: string, depth: number) => `${question} ${depth}`);
    expect(await research("why?", 2)).toBe("why? 2");
  });

  it("does not open a breaker around it", async () => {
    const { guard } = setUp({ hourlyUsd: 0 });
    const breaker = circuitBreaker({ name: "a", failureThreshold: 1, registry: new BreakerRegistry() });
    await refusal(wrap(breaker, guard).execute(() => spend(0.1)));
    expect(breaker.state).toBe("closed");
  });

  it("settles a model call that nobody awaits any more once it ends", async () => {
    const { guard } = setUp();
    const gate = Promise.withResolvers<void>();
    let late: Promise<unknown> | undefined;
    await guard.execute(() => {
      late = chat({ provider: "openai", model: "gpt-4o-mini" }, async (call) => {
        await gate.promise;
        call.response({ costUsd: 0.4 });
      });
    });
    expect((await guard.remaining()).hourUsd).toBe(9);
    gate.resolve();
    await late;
    await new Promise((resolve) => setImmediate(resolve));
    expect((await guard.remaining()).hourUsd).toBeCloseTo(9.6, 9);
  });
});

describe("under an instrumented client", () => {
  let provider: ScriptedProvider;
  let client: OpenAI;
  beforeAll(async () => {
    provider = await scriptedProvider();
    client = observe(new OpenAI({ apiKey: "none", baseURL: provider.openaiBaseUrl, maxRetries: 0 }));
  });
  afterAll(() => provider.close());

  it("nothing is overspent by a thousand calls at once, ten times too many, whose maximum is known", async () => {
    // 100,000 tokens of answer cost up to $0.06, so $0.065 has room for one call a request.
    const { guard } = setUp({ perRequestUsd: 0.065, hourlyUsd: 6.5, dailyUsd: 100 });
    const messages = [{ role: "user", content: "why?" }] as const;
    const runs = Array.from({ length: 1_000 }, () =>
      guard.execute(() =>
        client.chat.completions.create({
          model: "gpt-4o-mini",
          messages: [...messages],
          max_tokens: 100_000,
        }),
      ),
    );
    const before = provider.requests.length;
    const settled = await Promise.allSettled(runs);
    const made = settled.filter(({ status }) => status === "fulfilled").length;
    expect(made).toBe(100);
    expect(provider.requests.length - before).toBe(100);
    expect((await guard.remaining()).hourUsd).toBeGreaterThan(6.4);
  });
});

describe("a streamed answer without a bound", () => {
  it("is broken off when it passes the reservation, and what had come is settled", async () => {
    await using provider = await scriptedProvider();
    const client = observe(new OpenAI({ apiKey: "none", baseURL: provider.openaiBaseUrl, maxRetries: 0 }));
    // About 10,000 tokens, $0.006.
    provider.queue({ text: "word ".repeat(8_000) });
    const { guard } = setUp({ perRequestUsd: 0.001, hourlyUsd: 1 });
    const run = guard.execute(async () => {
      const messages = [{ role: "user" as const, content: "why?" }];
      const stream = await client.chat.completions.create({ model: "gpt-4o-mini", messages, stream: true });
      for await (const _ of stream);
    });
    expect(await refusal(run)).toMatchObject({ window: "request", limitUsd: 0.001 });
    expect((await guard.remaining()).hourUsd).toBeCloseTo(0.999, 4);
  });
});

describe("what it tells", () => {
  const watched = watch();

  it("a refusal is an event and an error type on the span that was refused", async () => {
    const { guard } = setUp({ name: "support", hourlyUsd: 0 });
    const boss = agent("boss", () => guard.execute(() => "x"));
    await refusal(boss());
    const span = watched.spans.get("invoke_agent boss");
    expect(span.attributes["error.type"]).toBe("budget_exceeded");
    expect(span.events).toMatchObject([
      {
        name: "agents.budget.rejection",
        attributes: { "agents.budget.window": "hour", "agents.budget.name": "support" },
      },
    ]);
  });

  it("limits, use and refusals are metrics, with 0 for what has not happened", async () => {
    const { guard, read, clock } = setUp({ perRequestUsd: 1, hourlyUsd: 2, dailyUsd: 3 });
    await (await guard.reserve(1)).settle(0.5);
    await guard.reserve(1);
    await refusal(guard.reserve(1));
    expect(read("agents.budget.limit")).toEqual({ request: 1, hour: 2, day: 3 });
    expect(read("agents.budget.used")).toEqual({ hour: 1.5, day: 1.5 });
    expect(read("agents.budget.rejections")).toEqual({ request: 0, hour: 1, day: 0 });
    clock.advance(HOUR_MS);
    expect(read("agents.budget.used")).toMatchObject({ hour: 0 });
  });

  it("a model call that one request may not make counts as refused by the request's limit", async () => {
    const { guard, read } = setUp({ perRequestUsd: 1 });
    const run = guard.execute(async () => {
      await spend(1);
      await spend(1);
    });
    await refusal(run);
    expect(read("agents.budget.rejections")).toMatchObject({ request: 1 });
  });

  it("once for each window that it is nearly used up", async () => {
    const told: Parameters<NearlyUsedListener>[0][] = [];
    const { guard } = setUp({ hourlyUsd: 1, dailyUsd: 100, onNearlyUsed: (facts) => told.push(facts) });
    await (await guard.reserve(0.7)).settle(0.7);
    expect(told).toEqual([]);
    for (let i = 0; i < 2; i++) await (await guard.reserve(0.1)).settle(0.1);
    expect(told).toMatchObject([
      { scope: "default", window: "hour", limitUsd: 1, usedUsd: expect.closeTo(0.8) },
    ]);
  });
});

describe("with a store", () => {
  it("two guards share one budget", async () => {
    const directory = mkdtempSync(join(tmpdir(), "agent-otel-guard-"));
    const stores = [0, 1].map(() => sqliteStore(join(directory, "agent-otel.db")));
    const [one, other] = stores.map((store) => setUp({ hourlyUsd: 1, store }).guard);
    await (await one!.reserve(1)).settle(0.4);
    expect((await other!.remaining()).hourUsd).toBeCloseTo(0.6, 9);
    expect(await refusal(other!.reserve(0.7))).toMatchObject({ window: "hour", spentUsd: 0.4 });
    for (const store of stores) await store.close();
    rmSync(directory, { recursive: true });
  });
});

describe("a store that fails", () => {
  const down = (): Promise<never> => Promise.reject(new Error("connect ECONNREFUSED"));
  const store = { name: "redis://db", budgets: { reserve: down, settle: down, use: down } };

  it("lets nothing through, and says which store and why", async () => {
    const { guard } = setUp({ store });
    let called = false;
    const run = guard.execute(() => {
      called = true;
    });
    expect(await refusal(run)).toMatchObject({
      code: "store_unusable",
      path: "redis://db",
      cause: { message: "connect ECONNREFUSED" },
    });
    expect(called).toBe(false);
  });

  it("opens no breaker of what is guarded", async () => {
    const { guard } = setUp({ store });
    const breaker = circuitBreaker({ name: "a", failureThreshold: 1, registry: new BreakerRegistry() });
    await refusal(wrap(breaker, guard).execute(() => "x"));
    expect(breaker.state).toBe("closed");
  });

  it("that fails at the end costs the call nothing: what was reserved counts as spent", async () => {
    const budgets = memoryBudgets();
    const { guard } = setUp({
      store: {
        budgets: { reserve: (r) => budgets.reserve(r), use: (keys) => budgets.use(keys), settle: down },
      },
    });
    expect(await guard.execute(() => "answer")).toBe("answer");
    expect((await guard.remaining()).hourUsd).toBe(9);
  });
});

describe("a bad option", () => {
  it.each<[CostGuardOptions, string]>([
    [{ hourlyUsd: -1 }, "costGuard: hourlyUsd must be a number from 0 to 1000000, got -1"],
    [{ dailyUsd: Number.NaN }, "costGuard: dailyUsd must be a number"],
    [{ perRequestUsd: "1" as never }, 'costGuard: perRequestUsd must be a number from 0 to 1000000, got "1"'],
    [{ softLimit: 0 }, "costGuard: softLimit must be a number from"],
    [{ timeZone: "Mars/Base" }, "timeZone must be an IANA time zone"],
    [{ name: "" }, "costGuard: name must not be empty"],
    [{ reservationTtlMs: 1 }, "costGuard: reservationTtlMs must be a whole number from 1000"],
    [{ store: {} }, "costGuard: store must be one that has budgets"],
  ])("%j is an error that names it and its value", (options, message) => {
    expect(() => costGuard({ metrics: new MetricSources(), ...options })).toThrow(message);
  });

  it("an amount that is none is refused by name", async () => {
    const { guard } = setUp();
    await expect(guard.reserve(-1)).rejects.toThrow("reserve: maxUsd must be a number from 0");
    await expect((await guard.reserve(1)).settle(Number.NaN)).rejects.toThrow(
      "settle: actualUsd must be a number",
    );
  });
});
