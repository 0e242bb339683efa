import { hrTime } from "@opentelemetry/core";
import { emptyResource } from "@opentelemetry/resources";
import type { MetricProducer } from "@opentelemetry/sdk-metrics";
import { VERSION } from "../../internal/version.ts";
import type { Instrument } from "../../telemetry/call-metrics/instrument.ts";
import { SCOPE_NAME } from "../../telemetry/semconv.ts";
import { spoolInstruments } from "../../telemetry/spool/spool-instruments.ts";
import type { SpoolSnapshot } from "../../telemetry/spool/spool-snapshot.ts";
import { metricData } from "../metric-data.ts";

/**
 * What a durable exporter tells of itself, for one metric reader: `agents.spool.*`.
 *
 * @param delta Whether the reader wants what happened since it last asked.
 */
export function spoolMetrics(exporter: { readonly counts: SpoolSnapshot }, delta: boolean): MetricProducer {
  let startTime = hrTime();
  let before: readonly Instrument[] = [];
  return {
    async collect() {
      const now = spoolInstruments(exporter.counts, Date.now());
      const collected = { startTime, endTime: hrTime(), delta };
      const metrics = now.map((each, i) => metricData(delta ? since(before[i], each) : each, collected));
      if (delta) {
        before = now;
        startTime = collected.endTime;
      }
      const scope = { name: SCOPE_NAME, version: VERSION };
      return {
        resourceMetrics: { resource: emptyResource(), scopeMetrics: [{ scope, metrics }] },
        errors: [],
      };
    },
  };
}

function since(before: Instrument | undefined, now: Instrument): Instrument {
  if (now.kind !== "counter" || before?.kind !== "counter") return now;
  const points = now.points.map((point) => {
    const last = before.points.find(({ attributes }) => sameAttributes(attributes, point.attributes));
    return { ...point, value: point.value - (last?.value ?? 0) };
  });
  return { ...now, points };
}

function sameAttributes(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
