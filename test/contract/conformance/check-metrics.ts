import { isDeepStrictEqual } from "node:util";
import type { AttributeCheck } from "./check-attributes.ts";
import type { Generation, MetricType, Registry } from "./registry.ts";
import type { FoundMetric } from "./telemetry.ts";

/** What is wrong with metrics of ours. */
export function metricProblems(
  metrics: readonly FoundMetric[],
  registry: Registry,
  check: AttributeCheck,
  generation: Generation,
): readonly string[] {
  const declared = new Map(registry.metrics.map((metric) => [metric.name, metric]));
  return metrics.flatMap((metric) => {
    const type = declared.get(metric.name);
    if (type === undefined) return [`metric ${metric.name} is not declared`];
    return problemsOf(metric, type, check, generation).map((problem) => `metric ${metric.name}: ${problem}`);
  });
}

function problemsOf(
  { kind, unit, description, points }: FoundMetric,
  { instrument, unit: wantedUnit, brief, attributes, annotations }: MetricType,
  check: AttributeCheck,
  generation: Generation,
): readonly string[] {
  const { semconv, explicit_bucket_boundaries: bounds } = annotations.agent_otel;
  const valueType = annotations.code_generation.metric_value_type;
  // What v1.41 counts under a name that the newest generation has too is more than the newest brief says.
  const described = generation !== "latest" || description === brief;
  return [
    ...(semconv.includes(generation) ? [] : [`must not be sent with ${generation}`]),
    ...(kind === instrument ? [] : [`is a ${kind}, not a ${instrument}`]),
    ...(unit === wantedUnit ? [] : [`unit is ${unit}, not ${wantedUnit}`]),
    ...(described ? [] : [`description is "${description}", not "${brief}"`]),
    ...points.flatMap((point) => [
      ...(kind === "histogram" || point.type === valueType
        ? []
        : [`values are ${point.type}, not ${valueType}`]),
      ...(isDeepStrictEqual(point.bounds, bounds) ? [] : [`buckets are ${point.bounds}, not ${bounds}`]),
      ...check.problems(point.attributes, attributes),
    ]),
  ];
}
