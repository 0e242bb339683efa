import { describe, expect, it } from "vitest";
import { cascadeGuard } from "../../../src/resilience/guard/cascade-guard.ts";
import type { CascadeGuardOptions } from "../../../src/resilience/guard/guard-options.ts";
import { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import type { ManualClock } from "../../../src/testing/index.ts";
import { guardOfNames } from "../../naive/guard-names.ts";
import { type Coverage, type GuardLike, RandomGraph, type Violations } from "./random-graph.ts";

const STEPS = 20;

type GuardOf = (ttlMs: number, clock: ManualClock) => GuardLike;

async function playAll(graphs: number, guardOf: GuardOf, ownFields?: number) {
  const sum: Violations & Coverage = {
    badReads: 0,
    wrongReads: 0,
    wrongHolds: 0,
    reads: 0,
    nulls: 0,
    tainted: 0,
    lastGood: 0,
  };
  for (let seed = 1; seed <= graphs; seed++) {
    const graph = new RandomGraph(seed, guardOf, ownFields);
    await graph.play(STEPS);
    const { violations, coverage } = graph;
    for (const [name, count] of Object.entries({ ...violations, ...coverage })) {
      sum[name as keyof typeof sum] += count;
    }
  }
  return sum;
}

/** With `inRun` all that the graph does is one run; else it says nothing of its run. */
function guardWith(options: CascadeGuardOptions, inRun: boolean) {
  return (quarantineTtlMs: number, clock: ManualClock): GuardLike => {
    const key = {};
    const runOf = () => (inRun ? key : undefined);
    const guard = cascadeGuard({ quarantineTtlMs, clock, metrics: new MetricSources(), runOf, ...options });
    return {
      protectNode: (name, nodeOptions, fn) => guard.protectNode(name, nodeOptions, fn),
      why: (field) => guard.why(field, key),
      view: (state) => guard.view(state, key),
      quarantine: (field, { actor }) => guard.quarantine(field, { actor, run: key }),
      release: (field, { actor }) => guard.release(field, { actor, run: key }),
    };
  };
}

describe("random graphs, with and without cycles, with random failures", () => {
  it("10,000: nobody reads a version that is bad, and bad is just what a bad one is reachable from", async () => {
    const sum = await playAll(10_000, guardWith({ maxVersions: 1_000 }, true));
    expect(sum).toMatchObject({ badReads: 0, wrongReads: 0, wrongHolds: 0 });
    // It was put to the test: these are what a weaker guard would get wrong.
    expect(sum.reads).toBeGreaterThan(1_000_000);
    expect(sum.nulls).toBeGreaterThan(100_000);
    expect(sum.tainted).toBeGreaterThan(10_000);
    expect(sum.lastGood).toBeGreaterThan(10_000);
  }, 300_000);

  it.each<[string, CascadeGuardOptions, boolean]>([
    ["remembers two versions of a field", { maxVersions: 2 }, true],
    ["is told nothing of runs", { maxVersions: 1_000 }, false],
    ["keeps two fields apart, and all others together", { maxFields: 2, maxVersions: 1_000 }, true],
  ])(
    "1,000: nobody reads a bad version where the guard %s",
    async (_, options, inRun) => {
      const sum = await playAll(1_000, guardWith(options, inRun), options.maxFields);
      expect(sum.badReads).toBe(0);
    },
    120_000,
  );

  it("a guard that is a list of names lets bad versions be read", async () => {
    const sum = await playAll(100, guardOfNames);
    expect(sum.badReads).toBeGreaterThan(100);
    expect(sum.wrongHolds).toBeGreaterThan(100);
  });
});
