import { describe, expect, it } from "vitest";
import { cachedFallback } from "../../../src/resilience/fallback/cached-fallback.ts";
import { decomposeFallback } from "../../../src/resilience/fallback/decompose-fallback.ts";
import { degradedFallback } from "../../../src/resilience/fallback/degraded-fallback.ts";
import { escalateFallback } from "../../../src/resilience/fallback/escalate-fallback.ts";
import type { Fallback } from "../../../src/resilience/fallback/fallback.ts";
import { safeRun } from "../../../src/resilience/safe-run.ts";
import { serviceTiers } from "../../../src/resilience/tiers/service-tiers.ts";
import { wrap } from "../../../src/resilience/wrap.ts";
import { metricSources } from "../../../src/telemetry/metric-sources.ts";
import { ManualTimers, settled } from "../../pipeline/durable-span-exporter/support.ts";
import { boom, never } from "./support.ts";

// What is never used does not work when it is needed: every way that a fallback can end, forced this many times in a row.
const TIMES = 1_000;

interface State {
  readonly query: string;
}

const fails = async (): Promise<never> => {
  throw boom;
};

function counted(kind: string, outcome: string): number {
  const family = metricSources.collect().find(({ name }) => name === "agents.fallbacks");
  if (family?.kind !== "counter") return 0;
  return family.points
    .filter(
      ({ attributes: a }) => a["agents.fallback.kind"] === kind && a["agents.fallback.outcome"] === outcome,
    )
    .reduce((sum, { value }) => sum + value, 0);
}

/** A node that works when it is asked about the weather, and no other time. */
function nodeWith(fallback: Fallback) {
  return wrap()
    .onFailure(fallback)
    .aroundOutcome(async function research(state: State): Promise<object> {
      if (state.query !== "weather") throw boom;
      return { ...state, research: "sunny" };
    });
}

const quick = new ManualTimers();
const WEATHER: State = { query: "weather" };
const STORMS: State = { query: "storms" };
const cached = () => cachedFallback({ maxAgeMs: 60_000 });
const escalated = () => escalateFallback(() => {}, { after: quick.after });
const waiting = (decision: unknown) =>
  escalateFallback(() => decision, { notificationOnly: false, after: quick.after });
const parts = (count: number) => () => new Array<string>(count).fill("part");

describe("a drill of every fallback", () => {
  it.each<[string, string, string, () => Fallback]>([
    ["cached", "empty", "boom", cached],
    ["degraded", "answered", "brief", () => degradedFallback(() => "brief")],
    ["degraded", "failed", "fallback_failed", () => degradedFallback(fails)],
    ["escalated", "answered", "storms", escalated],
    ["escalated", "answered", "approved", () => waiting("approved")],
    ["escalated", "failed", "escalated", () => waiting(null)],
    ["decomposed", "answered", "storms", () => decomposeFallback(parts(3), async (part) => part)],
    ["decomposed", "empty", "boom", () => decomposeFallback(parts(0), async (part) => part)],
    ["decomposed", "failed", "fallback_failed", () => decomposeFallback(parts(3), fails)],
    ["decomposed", "failed", "fallback_failed", () => decomposeFallback(parts(11), async (part) => part)],
  ])("%s, %s: %s", async (kind, how, expected, make) => {
    const node = nodeWith(make());
    const before = counted(kind, how);
    for (let i = 0; i < TIMES; i++) {
      const outcome = await node(STORMS).catch(
        (error: unknown) => error as { code?: string; message: string },
      );
      expect(said(outcome)).toBe(expected);
    }
    expect(counted(kind, how) - before).toBe(TIMES);
  });

  it("cached, answered", async () => {
    let works = true;
    const broken = wrap()
      .onFailure(cached())
      .aroundOutcome(async function research(state: State): Promise<object> {
        if (!works) throw boom;
        return { ...state, research: "sunny" };
      });
    await broken(WEATHER);
    works = false;
    const before = counted("cached", "answered");
    for (let i = 0; i < TIMES; i++)
      expect(await broken(WEATHER)).toMatchObject({
        value: { research: "sunny" },
        fallback: { kind: "cached" },
      });
    expect(counted("cached", "answered") - before).toBe(TIMES);
  });

  it("each one, given up by its caller", async () => {
    const hanging = [
      degradedFallback(never),
      escalateFallback(never, { notificationOnly: false, after: quick.after }),
      decomposeFallback(never, fails),
      decomposeFallback(parts(3), never),
    ];
    for (const fallback of hanging) {
      const node = wrap()
        .onFailure(fallback)
        .around(async (_state: State, _signal: AbortSignal): Promise<unknown> => {
          throw boom;
        });
      const callers = Array.from({ length: TIMES }, () => new AbortController());
      const calls = callers.map(({ signal }) => node(STORMS, signal));
      await settled();
      for (const caller of callers) caller.abort("enough");
      const ends = await Promise.allSettled(calls);
      expect(ends.every((end) => end.status === "rejected" && end.reason === "enough")).toBe(true);
    }
  });

  it("safeRun", async () => {
    const before = counted("safe_run", "answered");
    for (let i = 0; i < TIMES; i++) expect(await safeRun(fails)).toBe("Worker unavailable.");
    expect(counted("safe_run", "answered") - before).toBe(TIMES);
  });

  it.each([
    ["premium", {}],
    ["standard", { premium: fails }],
    ["basic", { premium: fails, standard: fails }],
    ["emergency", { premium: fails, standard: fails, basic: fails }],
  ])("service tiers, down to %s", async (tier, broken) => {
    const works = async (_question: string): Promise<string> => "answer";
    const service = serviceTiers({
      name: `drill-${tier}`,
      premium: works,
      standard: works,
      basic: works,
      emergency: "sorry",
      ...broken,
    });
    for (let i = 0; i < TIMES; i++) expect((await service.call("question")).tier).toBe(tier);
  });
});

/** The value where it is a text, else what the state was about; of an error its code, else its message. */
function said(outcome: { value?: unknown; code?: string; message?: string }): unknown {
  if (outcome.value === undefined) return outcome.code ?? outcome.message;
  return typeof outcome.value === "string" ? outcome.value : (outcome.value as State).query;
}
