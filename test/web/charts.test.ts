import { expect, it } from "vitest";
import { stack } from "../../src/web/charts/stack.ts";
import { summary } from "../../src/web/charts/summary.ts";
import { edgeWidth, redShare } from "../../src/web/graph/edge-style.ts";
import { costsByDay } from "../../src/web/views/costs/costs-by-day.ts";

it("puts each line on those before it", () => {
  expect(
    stack([
      [1, null, 3],
      [1, 1, 1],
    ]),
  ).toEqual([
    [1, 0, 3],
    [2, 1, 4],
  ]);
});

it("tells a chart in words", () => {
  const text = summary("Cost", [1, 2, 3], [{ name: "a", values: [1, 7, null] }], String, (ms) => `t${ms}`);
  expect(text).toBe("Cost, t1 to t3. a: last 7, highest 7 at t2");
});

it("shows one error in thousands on an edge, and none where there is none", () => {
  expect(redShare(1, 5_000)).toBeGreaterThanOrEqual(5);
  expect(redShare(0, 5_000)).toBe(0);
});

it("draws edges thicker with more calls", () => {
  expect(edgeWidth(10, 1_000)).toBeLessThan(edgeWidth(1_000, 1_000));
});

it("keeps the sum of each day where it puts the small ones together", () => {
  const by = Array.from({ length: 12 }, (_, index) => ({ name: `a${index}`, cost_usd: index, tokens: 1 }));
  const day = { date: "2026-11-21", by_agent: by, by_model: [] };
  const trend = { days: 1, items: [day] } as unknown as Parameters<typeof costsByDay>[0];
  const { series } = costsByDay(trend, "agent");
  expect(series).toHaveLength(9);
  expect(series.reduce((sum, { values }) => sum + values[0]!, 0)).toBe(66);
});
