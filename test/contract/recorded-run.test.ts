import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { METRICS } from "../../grafana/src/metrics/catalogue.ts";
import { seriesOf } from "../../grafana/src/metrics/prometheus-names.ts";
import { root } from "./source-files.ts";

const gzipped = readFileSync(join(root, "test/fixtures/recorded-run.openmetrics.gz"));
const lines = gunzipSync(gzipped).toString("utf8").split("\n");
const keys = new Set(lines.map((line) => line.slice(0, line.lastIndexOf("}") + 1)));
const names = new Set([...keys].map((key) => key.slice(0, key.indexOf("{"))));

describe("the recorded run that dashboards are checked against", () => {
  it("has every metric of the catalogue; else record it anew with test/stack/programs/record.ts", () => {
    const missing = METRICS.flatMap((metric) => seriesOf(metric)).filter((series) => !names.has(series));
    expect(missing).toEqual([]);
  });

  it("has what the collector makes from spans", () => {
    expect([...names]).toEqual(
      expect.arrayContaining(["traces_span_metrics_calls_total", "traces_service_graph_request_total"]),
    );
  });

  it("names no machine, port, path or random id", () => {
    const place = /"[^"]*(?:127\.0\.0\.1|localhost|:\d{4,5}|\/tmp|\/work|[0-9a-f]{8}-[0-9a-f]{4}-)[^"]*"/;
    // The run has a tool with an id in its name, which is the same in every run.
    const misnamed = "page 0f8fad5b-d9cb-469f-a165-70867728950e";
    expect([...keys].filter((key) => place.test(key.replaceAll(misnamed, "")))).toEqual([]);
  });

  it("is small", () => {
    expect(gzipped.length).toBeLessThan(1_000_000);
  });
});
