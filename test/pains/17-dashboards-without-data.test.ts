import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { root } from "../contract/source-files.ts";
import { expressions, panels } from "../grafana/dashboards/support/boards.ts";
import { nodes } from "../grafana/dashboards/support/promql.ts";

// Shipped dashboards say "No data": their queries ask for metrics, or labels, that the code no longer sends.

/** Labels of each series of a recorded run, by metric name. */
const recorded = new Map<string, Set<string>>();
const run = gunzipSync(readFileSync(join(root, "test/fixtures/recorded-run.openmetrics.gz"))).toString(
  "utf8",
);
for (const line of run.split("\n")) {
  const [, name, labels = ""] = /^([a-zA-Z_:][\w:]*)\{(.*)\} /.exec(line) ?? [];
  if (name === undefined) continue;
  const known = recorded.get(name) ?? new Set();
  for (const [, label] of labels.matchAll(/(\w+)="/g)) known.add(label!);
  recorded.set(name, known);
}

/** Made by Prometheus and the collector themselves while they run: no run of a program has them. */
const OF_SERVERS = /^(up|ALERTS|scrape_\w+|prometheus_\w+|otelcol_\w+|target_info|agents:\w+)$/;

interface Missing {
  readonly metrics: readonly string[];
  readonly labels: readonly string[];
}

/** What a query asks for and the run does not have. */
function missing(expr: string): Missing {
  const metrics: string[] = [];
  const labels: string[] = [];
  for (const selector of nodes(expr, "VectorSelector")) {
    const [name] = nodes(selector, "Identifier");
    if (name === undefined || OF_SERVERS.test(name)) continue;
    const known = recorded.get(name);
    if (known === undefined) metrics.push(name);
    else labels.push(...nodes(selector, "LabelName").filter((label) => label !== "job" && !known.has(label)));
  }
  return { metrics, labels };
}

describe("every panel and annotation", () => {
  it("is looked at: there are more than fifty panels", () => {
    expect(panels.length).toBeGreaterThan(50);
    expect(expressions.filter(([, expr]) => nodes(expr, "VectorSelector").length > 0).length).toBeGreaterThan(
      100,
    );
  });

  it.each(expressions)("%s asks for what a recorded run has", (_, expr) => {
    expect(missing(expr)).toEqual({ metrics: [], labels: [] });
  });
});

it("would be seen to be empty: queries of a board whose names have drifted", () => {
  expect(missing("sum(rate(gen_ai_requests_total[5m]))").metrics).toEqual(["gen_ai_requests_total"]);
  const filtered = 'sum(rate(agents_cost_total{team="support"}[5m]))';
  expect(missing(filtered)).toEqual({ metrics: [], labels: ["team"] });
});
