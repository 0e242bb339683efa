import { METRICS, type Metric } from "../../../grafana/src/metrics/catalogue.ts";
import * as names from "../../../src/telemetry/semconv.ts";
import { METRIC_BRIEFS } from "./metric-briefs.ts";

/** Names that leave the process, by what `semconv` says. */
export type Generation = "latest" | "v1.41" | "dup";
const EVERY: readonly Generation[] = ["latest", "v1.41", "dup"];
const NEWEST: readonly Generation[] = ["latest", "dup"];
const OLDER: readonly Generation[] = ["v1.41", "dup"];

/** What the registry says of a metric. */
export interface MetricDeclaration extends Metric {
  readonly brief: string;
  readonly valueType: "int" | "double";
  readonly buckets?: readonly number[];
  readonly generations: readonly Generation[];
}

/** Seconds, money and shares have fractions; everything else is counted. */
const FRACTIONS = ["s", "{USD}", "1", "{score}"];

const BUCKETS: Readonly<Record<string, readonly number[]>> = {
  [names.METRIC_INVOKE_AGENT_DURATION]: names.BUCKETS_AGENT_SECONDS,
  [names.METRIC_INVOKE_WORKFLOW_DURATION]: names.BUCKETS_WORKFLOW_SECONDS,
  [names.V141_METRIC_WORKFLOW_DURATION]: names.BUCKETS_WORKFLOW_SECONDS,
  [names.METRIC_EVALUATION_SCORE]: names.BUCKETS_SCORES,
  [names.METRIC_MCP_CLIENT_DURATION]: names.BUCKETS_MCP_SECONDS,
  [names.METRIC_MCP_SERVER_DURATION]: names.BUCKETS_MCP_SECONDS,
  [names.METRIC_MCP_CLIENT_SESSION]: names.BUCKETS_MCP_SECONDS,
  [names.METRIC_MCP_SERVER_SESSION]: names.BUCKETS_MCP_SECONDS,
  [names.METRIC_INVOKE_AGENT_INFERENCE_CALLS]: names.BUCKETS_CALLS,
  [names.METRIC_INVOKE_AGENT_TOOL_CALLS]: names.BUCKETS_CALLS,
};
const BUCKETS_BY_UNIT: Readonly<Record<string, readonly number[]>> = {
  s: names.BUCKETS_CLIENT_SECONDS,
  "{token}": names.BUCKETS_TOKENS,
};

/** Newest names that v1.41 has another one for, so that `v1.41` does not send them. */
const REPLACED: readonly string[] = [
  names.METRIC_INFERENCE_DURATION,
  names.METRIC_TIME_TO_FIRST_CHUNK,
  names.METRIC_TIME_PER_OUTPUT_CHUNK,
  names.METRIC_INPUT_TOKENS,
  names.METRIC_OUTPUT_TOKENS,
  names.METRIC_USAGE_INPUT,
  names.METRIC_USAGE_OUTPUT,
  names.METRIC_INVOKE_WORKFLOW_DURATION,
];

const MODEL_CALL = [
  names.ATTR_OPERATION,
  names.ATTR_PROVIDER,
  names.ATTR_REQUEST_MODEL,
  names.ATTR_AGENT_NAME,
] as const;

const histogram = (name: string, unit: string, ...attributes: readonly string[]): Metric => ({
  name,
  kind: "histogram",
  unit,
  attributes,
});

const OF_V141: readonly Metric[] = [
  histogram(names.V141_METRIC_TOKEN_USAGE, "{token}", ...MODEL_CALL, names.V141_ATTR_TOKEN_TYPE),
  histogram(names.V141_METRIC_TIME_TO_FIRST_CHUNK, "s", ...MODEL_CALL),
  histogram(names.V141_METRIC_TIME_PER_OUTPUT_CHUNK, "s", ...MODEL_CALL),
  histogram(names.V141_METRIC_WORKFLOW_DURATION, "s", names.ATTR_WORKFLOW_NAME, names.ATTR_ERROR_TYPE),
];

const KEYS = new Map(Object.entries(names).map(([key, name]) => [name as unknown, key]));

function declared(metric: Metric, generations: readonly Generation[]): MetricDeclaration {
  const buckets =
    metric.kind === "histogram" ? (BUCKETS[metric.name] ?? BUCKETS_BY_UNIT[metric.unit]) : undefined;
  const key = KEYS.get(metric.name) as keyof typeof METRIC_BRIEFS | undefined;
  return {
    ...metric,
    brief: (key && METRIC_BRIEFS[key]) ?? "",
    valueType: FRACTIONS.includes(metric.unit) ? "double" : "int",
    ...(buckets !== undefined && { buckets }),
    generations,
  };
}

/** Every metric that the package sends: kind, unit and attributes are those of the catalogue that dashboards are made from. */
export const DECLARED_METRICS: readonly MetricDeclaration[] = [
  ...METRICS.map((metric) => declared(metric, REPLACED.includes(metric.name) ? NEWEST : EVERY)),
  ...OF_V141.map((metric) => declared(metric, OLDER)),
];
