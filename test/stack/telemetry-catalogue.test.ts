import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { METRICS } from "../../grafana/src/metrics/catalogue.ts";
import { label, seriesOf } from "../../grafana/src/metrics/prometheus-names.ts";
import * as names from "../../src/telemetry/semconv.ts";
import { prometheusAnswers, type Row } from "./support/dashboard-prometheus.ts";
import { type EverythingRun, runEverything } from "./support/dashboard-run.ts";
import { eventually } from "./support/eventually.ts";
import { type Stack, stackUp } from "./support/stack.ts";

// What grafana/src says of our metrics, against what arrives: dashboards and rules are written from it.
const OURS = '{__name__=~"(agents|gen_ai|mcp)_.+"}';
/** Who measured, and the bound of a bucket. */
const COMMON_LABELS = ["__name__", "job", "instance", "le"];
/** Spans are between their batch and the disk for moments only; and the run has one receiver, so nobody takes over. */
const MAY_BE_ZERO = [names.METRIC_SPOOL_IN_MEMORY, names.METRIC_SPOOL_FAILOVERS];

let stack: Stack;
let run: EverythingRun | undefined;
let types: Readonly<Record<string, readonly { readonly type: string }[]>>;
let found: ReadonlyMap<string, readonly Row[]>;

beforeAll(async () => {
  stack = await stackUp(25_500);
  run = await runEverything(stack);
  const url = stack.endpoint("prometheus", "http");
  const expected = METRICS.flatMap((metric) => seriesOf(metric));
  found = await eventually(
    "every metric in Prometheus",
    async () => {
      const rows = await prometheusAnswers(url).instant(OURS, Date.now() / 1_000);
      const byName = Map.groupBy(rows, ({ metric }) => metric["__name__"] ?? "");
      const missing = expected.filter((series) => !byName.has(series));
      if (missing.length > 0) throw new Error(`there is no ${missing.join(", ")}`);
      return byName;
    },
    60_000,
  );
  const answer = await fetch(`${url}/api/v1/metadata?limit=5000`);
  types = ((await answer.json()) as { readonly data: typeof types }).data;
});

afterAll(async () => {
  await run?.end();
  await stack?.down();
});

describe("what arrives in Prometheus is what the catalogue of metrics says", () => {
  it("in names: there is no series that it does not have", () => {
    const known = new Set(METRICS.flatMap((metric) => seriesOf(metric)));
    expect([...found.keys()].filter((series) => !known.has(series))).toEqual([]);
  });

  it.each(METRICS)("in the type of $name", (metric) => {
    const [series = ""] = seriesOf(metric);
    const family = metric.kind === "histogram" ? series.replace(/_count$/, "") : series;
    expect(types[family]?.map(({ type }) => type)).toEqual([metric.kind]);
  });

  it.each(METRICS)("in the labels of $name, each of which some series has", (metric) => {
    const labels = seriesOf(metric).flatMap((series) =>
      (found.get(series) ?? []).flatMap((row) => Object.keys(row.metric)),
    );
    const own = new Set(labels.filter((name) => !COMMON_LABELS.includes(name)));
    expect([...own].sort()).toEqual(metric.attributes.map(label).sort());
  });

  it.each(METRICS.filter(({ name }) => !MAY_BE_ZERO.includes(name)))(
    "and $name is not only zero",
    (metric) => {
      const rows = seriesOf(metric).flatMap((series) => found.get(series) ?? []);
      expect(rows.some(({ value }) => Number(value[1]) > 0)).toBe(true);
    },
  );
});
