import { attributeRefs } from "./attribute-refs.ts";
import { EVENTS, type EventDeclaration } from "./declared/events.ts";
import { DECLARED_METRICS, type MetricDeclaration } from "./declared/metrics.ts";
import { type EventKey, wireName } from "./declared/names.ts";
import type { SpanDeclaration } from "./declared/span.ts";
import { SPANS } from "./declared/spans.ts";
import { OPTIONAL_ON_METRICS } from "./optional-on-metrics.ts";
import { standingOf } from "./standing.ts";

export function spanEntries(): readonly object[] {
  return SPANS.map(spanEntry);
}

function spanEntry(span: SpanDeclaration): object {
  const { startsWith, operation, has } = span.when;
  return {
    type: span.type,
    kind: span.kind,
    brief: span.brief,
    stability: "development",
    name: { note: `\`${span.names.join("`, else `")}\`` },
    attributes: attributeRefs(span),
    annotations: {
      agent_otel: {
        origin: standingOf(span.type, "").origin,
        names: span.names,
        // In this order: the first span of the file that fits is the one.
        when: {
          ...(operation && { operation }),
          ...(has && { has: wireName(has) }),
          ...(startsWith && { starts_with: startsWith }),
        },
      },
    },
  };
}

export function eventEntries(): readonly object[] {
  return (Object.entries(EVENTS) as [EventKey, EventDeclaration][]).map(([key, event]) => ({
    name: wireName(key),
    brief: event.brief,
    stability: standingOf(wireName(key), key).stability,
    attributes: attributeRefs(event),
    annotations: {
      agent_otel: {
        origin: standingOf(wireName(key), key).origin,
        on: event.on,
        ...(event.severity !== undefined && { severity: event.severity }),
      },
    },
  }));
}

/** @throws Error where a metric has no brief. */
export function metricEntries(): readonly object[] {
  return DECLARED_METRICS.map(metricEntry);
}

function metricEntry(metric: MetricDeclaration): object {
  const { name, kind, unit, brief, valueType, buckets, generations } = metric;
  if (brief === "") throw new Error(`${name} needs a brief in scripts/registry/declared/metric-briefs.ts`);
  const older = !generations.includes("latest");
  return {
    name,
    instrument: kind,
    unit,
    brief,
    stability: "development",
    attributes: metric.attributes.map((ref) => ({
      ref,
      requirement_level: OPTIONAL_ON_METRICS.has(ref) ? "recommended" : "required",
    })),
    annotations: {
      code_generation: { metric_value_type: valueType },
      agent_otel: {
        origin: standingOf(name, older ? "V141_" : "").origin,
        semconv: generations,
        ...(buckets && { explicit_bucket_boundaries: buckets }),
      },
    },
  };
}
