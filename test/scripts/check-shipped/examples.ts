import type { Frame } from "../../../scripts/check-shipped/grafana/frames.ts";
import type { Sample } from "../../../scripts/check-shipped/recorded-run/recorded-run.ts";
import type { Shipped } from "../../../scripts/check-shipped/shipped.ts";
import type { Outcome, Tools } from "../../../scripts/check-shipped/tools/tools.ts";

/** A mapping that a test may change. */
export type Json = Record<string, unknown>;

const PROMETHEUS = { type: "prometheus", uid: `\${datasource}` };

/** A panel that keeps all rules. @param changes Keys of the panel. */
export const panel = (changes: Json = {}): Json => ({
  id: 1,
  type: "timeseries",
  title: "Cost",
  description: "What the agents cost, by agent.",
  datasource: PROMETHEUS,
  gridPos: { x: 0, y: 0, w: 12, h: 8 },
  fieldConfig: {
    defaults: {
      unit: "currencyUSD",
      noValue: "no calls",
      thresholds: {
        mode: "absolute",
        steps: [
          { value: null, color: "green" },
          { value: 1, color: "red" },
        ],
      },
    },
    overrides: [],
  },
  targets: [
    {
      refId: "A",
      datasource: PROMETHEUS,
      expr: 'sum by (gen_ai_agent_name) (rate(agents_cost_total{job=~"$app"}[$__rate_interval]))',
    },
  ],
  ...changes,
});

/** A dashboard that keeps all rules. @param changes Keys of the dashboard. */
export const board = (changes: Json = {}): Json => ({
  uid: "one",
  title: "One",
  editable: false,
  graphTooltip: 1,
  tags: ["agent-otel"],
  panels: [panel()],
  links: [],
  annotations: { list: [] },
  templating: {
    list: [
      {
        type: "datasource",
        name: "datasource",
        query: "prometheus",
        current: { value: "agent-otel-prometheus" },
      },
      {
        type: "query",
        name: "app",
        datasource: PROMETHEUS,
        query: { query: "label_values(agents_cost_total, job)" },
        refresh: 2,
        includeAll: true,
        multi: true,
        allValue: ".*",
      },
    ],
  },
  ...changes,
});

/** A tree of one dashboard and what else is given. */
export const treeOf = (dashboard: Json, files: Readonly<Record<string, string>> = {}): Shipped =>
  new Map([["grafana/dashboards/one.json", JSON.stringify(dashboard)], ...Object.entries(files)]);

export interface FakeTools {
  /** What Prometheus answers; series for graphs are made of the same samples. */
  readonly answer?: (expr: string) => readonly Sample[];
  readonly remarks?: readonly string[];
  readonly transform?: (frames: readonly Frame[]) => readonly Frame[];
  readonly program?: (name: string, args: readonly string[]) => Outcome;
}

/** Tools without programs: two units, two transformations, and answers as told. */
export function fakeTools({
  answer = () => [],
  remarks = [],
  transform = (frames) => frames,
  program,
}: FakeTools = {}): Tools {
  return {
    recordedRun: async () => ({
      fromMs: 0,
      toMs: 3_600_000,
      instant: async (expr) => answer(expr),
      range: async (expr) => answer(expr).map(({ metric, value }) => ({ metric, values: [value] })),
      labelValues: async () => ["desk", "office"],
      remarksOn: () => remarks,
      close: async () => {},
    }),
    grafana: async () => ({
      units: new Set(["currencyUSD", "s"]),
      transformations: new Set(["organize", "joinByField"]),
      transform: async (frames) => transform(frames),
      schemaErrors: ({ type }, value) =>
        type === "Options" && Object.hasOwn(value as object, "footer") ? ["/ must NOT have: footer"] : [],
    }),
    program: async (name, ...args) => program?.(name, args) ?? { code: 0, said: "" },
    startCollector: async () => undefined,
    scratch: () => {
      throw new Error("no folder in these tests");
    },
  };
}

export const sample = (metric: Readonly<Record<string, string>>, value: string): Sample => ({
  metric,
  value: [1, value],
});
