import { describe, expect, it } from "vitest";
import { operandsOf } from "../../../scripts/check-shipped/promql/operands.ts";
import { parsePromql } from "../../../scripts/check-shipped/promql/tree.ts";
import {
  groupingsIn,
  labelsMadeIn,
  rangesIn,
  rawSelectorsIn,
  selectorsIn,
} from "../../../scripts/check-shipped/promql/uses.ts";

const parsed = (expr: string) => parsePromql(expr)!;

describe("parsePromql", () => {
  it.each(["sum(a", "a{b=}", "", "rate(a[$__range])"])("refuses %j", (expr) => {
    expect(parsePromql(expr)).toBeUndefined();
  });

  it("keeps the text of each part", () => {
    expect(parsed("sum(a) / b").text).toBe("sum(a) / b");
  });
});

describe("what an expression uses", () => {
  it("selectors with their matchers, without quotes", () => {
    expect(selectorsIn(parsed('rate(a_total{x=~"y|z"}[5m]) + b'))).toMatchObject([
      { metric: "a_total", matchers: [{ label: "x", op: "=~", value: "y|z" }] },
      { metric: "b", matchers: [] },
    ]);
  });

  it("labels of groupings and of matching", () => {
    const labels = groupingsIn(parsed("sum by (a, b) (m) / on (c) group_left (d) n")).map(
      (one) => one.labels,
    );
    expect(labels.flat().sort()).toEqual(["a", "b", "c", "d"]);
  });

  it("labels that functions make", () => {
    const expr = 'count_values("v", label_join(label_replace(m, "a", "$1", "b", "(.*)"), "c", "-", "a"))';
    expect([...labelsMadeIn(parsed(expr))].sort()).toEqual(["a", "c", "v"]);
  });

  it("functions with their range and metric", () => {
    expect(rangesIn(parsed("sum(rate(a_total[5m]))"))).toEqual([
      { fn: "rate", range: "5m", metric: "a_total" },
    ]);
  });

  it("counts as raw what no range stands over", () => {
    expect(
      rawSelectorsIn(parsed("a + rate(b[5m]) + max_over_time(c[1h:1m])")).map(({ metric }) => metric),
    ).toEqual(["a"]);
  });
});

describe("operandsOf", () => {
  it.each([
    ["a > 5", ["a"]],
    ["5 < a", ["a"]],
    ["a > 1 and b > 2", ["a", "b"]],
    ["(a > 1) unless b", ["a"]],
    ['absent(up{job="x"})', ['up{job="x"}']],
    ["absent_over_time(a[5m])", ["last_over_time(a[5m])"]],
    ["sum(a > 0) / sum(b) > 3", ["sum((a)) / sum(b)"]],
    ["a - a offset 1d > 0", ["a - a"]],
    ["a > on (job) b", ["a", "b"]],
  ])("%s is about %j", (expr, operands) => {
    expect(operandsOf(parsed(expr))).toEqual(operands);
  });
});
