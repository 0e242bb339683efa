import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runStats } from "../../src/health/run-stats.ts";
import { arbitraryTree, recordsOf, visited } from "./call-trees.ts";
import { record } from "./records.ts";
import { rowsOf } from "./rows.ts";

const tree = arbitraryTree(["one", "two"], (names) => names);

describe("runStats", () => {
  it("counts the runs that nobody of the program has called, with all tokens and cost", () => {
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 5 }), (trees) => {
        const all = visited(trees).map((each) => each.tree);
        const failed = trees.filter((each) => each.failed).length;
        const cost = all.reduce((sum, each) => sum + each.costNanoUsd, 0);
        expect(runStats(rowsOf(recordsOf(trees)))).toMatchObject({
          totalRequests: trees.length,
          successful: trees.length - failed,
          failed,
          successRate: trees.length === 0 ? undefined : (trees.length - failed) / trees.length,
          totalTokens: all.reduce((sum, each) => sum + each.tokens, 0),
          totalCostNanoUsd: cost,
          avgCostNanoUsd: trees.length === 0 ? undefined : cost / trees.length,
        });
      }),
      { numRuns: 300 },
    );
  });

  it("counts all runs of one agent, with what its own model calls used", () => {
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 5 }), (trees) => {
        const all = visited(trees);
        const runs = all.filter((each) => each.tree.kind === "agent" && each.tree.name === "one");
        const models = all.filter(
          (each) =>
            each.tree.kind === "model" && each.around.find(({ kind }) => kind === "agent")?.name === "one",
        );
        const stats = runStats(rowsOf(recordsOf(trees)), "one");
        expect(stats.totalRequests).toBe(runs.length);
        expect(stats.failed).toBe(runs.filter((each) => each.tree.failed).length);
        expect(stats.totalCostNanoUsd).toBe(models.reduce((sum, each) => sum + each.tree.costNanoUsd, 0));
        if (runs.length > 0)
          expect(stats.avgDurationMs).toBeCloseTo(
            runs.reduce((sum, each) => sum + each.tree.durationMs, 0) / runs.length,
            6,
          );
      }),
      { numRuns: 300 },
    );
  });

  it("knows nothing of rates and averages without runs", () => {
    expect(runStats(rowsOf([record({ costNanoUsd: 7, inputTokens: 3, outputTokens: 4 })]))).toEqual({
      totalRequests: 0,
      successful: 0,
      failed: 0,
      successRate: undefined,
      avgDurationMs: undefined,
      p50Ms: undefined,
      p95Ms: undefined,
      totalTokens: 7,
      totalCostNanoUsd: 7,
      avgCostNanoUsd: undefined,
    });
  });
});
