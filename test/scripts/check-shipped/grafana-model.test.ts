import { describe, expect, it } from "vitest";
import { framesOf } from "../../../scripts/check-shipped/grafana/frames.ts";
import { interpolate, variablesIn } from "../../../scripts/check-shipped/grafana/interpolate.ts";
import { timesFor } from "../../../scripts/check-shipped/grafana/times.ts";
import { queryValue, sourceOf } from "../../../scripts/check-shipped/grafana/variables.ts";
import { sample } from "./examples.ts";

const TIMES = { fromMs: 0, toMs: 3_600_000, stepS: 60, rateIntervalS: 240 };

describe("interpolate", () => {
  it("puts in Grafana's own variables and the chosen values, and leaves groups of regular expressions", () => {
    const text = `label_replace(rate(a{x=~"$app"}[$__rate_interval]), "b", "$1", "c", "\${app:regex}") + \${__range_s}`;
    expect(interpolate(text, new Map([["app", "desk"]]), TIMES)).toBe(
      'label_replace(rate(a{x=~"desk"}[240s]), "b", "$1", "c", "desk") + 3600',
    );
    expect(variablesIn(text)).toEqual(["app"]);
  });

  it("leaves a variable that nobody declares as it is", () => {
    expect(interpolate("$other", new Map(), TIMES)).toBe("$other");
  });
});

describe("variables", () => {
  it.each([
    ["label_values(job)", { kind: "labels", label: "job" }],
    ['label_values(a{b=~"c,d"}, job)', { kind: "labels", label: "job", selector: 'a{b=~"c,d"}' }],
    ["query_result(sum(a))", { kind: "query", expr: "sum(a)" }],
    ["metrics(.*)", { kind: "unknown", said: "metrics(.*)" }],
  ])("%s is understood", (query, source) => {
    expect(sourceOf({ type: "query", query: { query } })).toEqual(source);
  });

  it("escapes a value for a regular expression in quotes, as Grafana does", () => {
    expect(queryValue({ multi: true }, ["a.b"], "a.b")).toBe("a\\\\.b");
  });

  it("takes allValue for «All», or else every value", () => {
    expect(queryValue({ includeAll: true, allValue: ".*" }, ["a", "b"])).toBe(".*");
    expect(queryValue({ includeAll: true }, ["a", "b"])).toBe("(a|b)");
  });
});

describe("timesFor", () => {
  const run = { fromMs: 0, toMs: 3_600_000 };

  it("asks for rates over four of the intervals that the data source is told", () => {
    const file = "grafana/provisioning/datasources/agent-otel.yaml";
    const text = "datasources: [{ type: prometheus, jsonData: { timeInterval: 60s } }]";
    expect(timesFor(new Map([[file, text]]), run).rateIntervalS).toBe(240);
  });

  it.each([
    ["10m", 3_000_000],
    ["now-10m", 3_000_000],
    ["now/d", 0],
  ])("a panel's own time %s begins at %d", (timeFrom, fromMs) => {
    expect(timesFor(new Map(), run, { timeFrom }).fromMs).toBe(fromMs);
  });
});

describe("framesOf", () => {
  const table = (refId: string, ...samples: ReturnType<typeof sample>[]) => ({
    refId,
    format: "table" as const,
    legend: "",
    samples,
  });

  it("makes one frame of a table, with a column for each label and one for the value", () => {
    const [frame] = framesOf([table("A", sample({ b: "1" }, "2"), sample({ a: "3" }, "NaN"))]);
    expect(frame!.fields.map(({ name, values }) => [name, values])).toEqual([
      ["Time", [1000, 1000]],
      ["a", ["", "3"]],
      ["b", ["1", ""]],
      ["Value", [2, Number.NaN]],
    ]);
  });

  it("names the column after its query where several have rows, and drops the ones without", () => {
    const frames = framesOf([table("A", sample({}, "1")), table("B", sample({}, "2")), table("C")]);
    expect(frames.map(({ fields }) => fields.at(-1)!.name)).toEqual(["Value #A", "Value #B"]);
  });

  it("makes a frame of each series, called as the legend says", () => {
    const series = [{ metric: { agent: "planner" }, values: [[1, "2"]] as const }];
    const [frame] = framesOf([{ refId: "A", format: "time_series", legend: "{{agent}} runs", series }]);
    expect(frame).toMatchObject({ name: "planner runs", length: 1 });
  });
});
