import type { Labels, Point, Sample, Series } from "../recorded-run/recorded-run.ts";

/** A table of Grafana: columns of equal length. */
export interface Frame {
  readonly refId: string;
  readonly name?: string;
  readonly fields: readonly Field[];
  readonly length: number;
}

export interface Field {
  readonly name: string;
  readonly type: "time" | "number" | "string";
  readonly values: readonly unknown[];
  readonly labels?: Labels;
  readonly config: Readonly<Record<string, unknown>>;
}

/** What Prometheus answered to one query of a panel. */
export interface Answer {
  readonly refId: string;
  readonly format: "table" | "time_series" | "heatmap";
  /** `{{agent}}`, or `__auto`. */
  readonly legend: string;
  readonly samples?: readonly Sample[];
  readonly series?: readonly Series[];
}

const number = (text: string): number =>
  text === "+Inf" ? Infinity : text === "-Inf" ? -Infinity : Number(text);
const milliseconds = ([atS]: Point): number => Math.round(atS * 1000);

/**
 * Makes of Prometheus' answers what the Prometheus data source hands to a panel: for the format «table» one frame a query with a column
 * for each label, else one frame a series. An empty table is no frame, and where one query alone has rows its column is called `Value`.
 */
export function framesOf(answers: readonly Answer[]): readonly Frame[] {
  const tables = answers.filter((answer) => answer.format === "table" && rowsOf(answer).length > 0);
  const graphs = answers.filter(({ format }) => format !== "table");
  return [...graphs.flatMap(graphOf), ...tables.map((answer) => tableOf(answer, tables.length))];
}

const rowsOf = ({ samples = [], series = [] }: Answer): readonly (readonly [Labels, Point])[] => [
  ...samples.map(({ metric, value }) => [metric, value] as const),
  ...series.flatMap(({ metric, values }) => values.map((value) => [metric, value] as const)),
];

function tableOf(answer: Answer, tables: number): Frame {
  const rows = rowsOf(answer);
  const labels = [...new Set(rows.flatMap(([metric]) => Object.keys(metric)))].sort();
  const { refId } = answer;
  return {
    refId,
    length: rows.length,
    fields: [
      { name: "Time", type: "time", config: {}, values: rows.map(([, point]) => milliseconds(point)) },
      ...labels.map((label) => ({
        name: label,
        type: label === "le" ? ("number" as const) : ("string" as const),
        config: { filterable: true },
        values: rows.map(([metric]) =>
          label === "le" ? number(metric[label] ?? "") : (metric[label] ?? ""),
        ),
      })),
      {
        name: tables > 1 ? `Value #${refId}` : "Value",
        type: "number",
        config: {},
        values: rows.map(([, [, value]]) => number(value)),
      },
    ],
  };
}

function graphOf({ refId, legend, samples = [], series = [] }: Answer): readonly Frame[] {
  const all = [...series, ...samples.map(({ metric, value }) => ({ metric, values: [value] }))];
  return all.map(({ metric, values }) => {
    const shown = legendOf(legend, metric);
    const named = shown === "" ? {} : { displayNameFromDS: shown };
    return {
      refId,
      name: shown,
      length: values.length,
      fields: [
        { name: "Time", type: "time", config: {}, values: values.map(milliseconds) },
        {
          name: "Value",
          type: "number",
          labels: metric,
          config: named,
          values: values.map(([, value]) => number(value)),
        },
      ],
    };
  });
}

function legendOf(legend: string, metric: Labels): string {
  if (legend !== "" && legend !== "__auto") {
    return legend.replaceAll(/\{\{\s*(.+?)\s*\}\}/g, (_, label: string) => metric[label] ?? "");
  }
  const { __name__: name = "", ...labels } = metric;
  const text = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return text.length === 0 ? name : `${name}{${text.join(", ")}}`;
}
