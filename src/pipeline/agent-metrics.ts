import { hrTime } from "@opentelemetry/core";
import { emptyResource } from "@opentelemetry/resources";
import type { CollectionResult, MetricProducer } from "@opentelemetry/sdk-metrics";
import { callLog } from "../agent/call-log.ts";
import { health } from "../health/health-monitor.ts";
import { VERSION } from "../internal/version.ts";
import { CallMetrics } from "../telemetry/call-metrics/call-metrics.ts";
import { metricSources } from "../telemetry/metric-sources.ts";
import { SCOPE_NAME } from "../telemetry/semconv.ts";
import { checkChoice } from "./environment/variables.ts";
import { metricData } from "./metric-data.ts";
import { SEMCONV_GENERATIONS, type SemconvGeneration } from "./semconv/generation.ts";
import { renameMetrics } from "./semconv/rename-metrics.ts";
import { SourceReader } from "./source-reader.ts";

/** Options of {@link agentMetrics}. */
export interface AgentMetricsOptions {
  /** What the exporter wants: totals since the start, or what happened since it last asked. @default "cumulative" */
  readonly temporality?: "cumulative" | "delta";
  /** Generation of the GenAI conventions whose names are sent. @default "latest" */
  readonly semconv?: SemconvGeneration;
}

/**
 * The metrics of all agent, model and tool calls of this process, and of its breakers, fallbacks, guards and ledgers, and the health of its agents, for a metric reader of your own SDK:
 * `new PeriodicExportingMetricReader({ exporter, metricProducers: [agentMetrics()] })`. `start()` has it built in.
 *
 * Counts calls from the moment it is made, exactly, whatever the sampler drops. Give each reader one of its own.
 *
 * @throws TypeError on a generation that does not exist.
 */
export function agentMetrics(options: AgentMetricsOptions = {}): MetricProducer {
  const semconv = checkChoice("agentMetrics: semconv", options.semconv ?? "latest", SEMCONV_GENERATIONS);
  const metrics = new CallMetrics();
  callLog.subscribe((record) => metrics.record(record));
  health.start();
  const delta = options.temporality === "delta";
  const sources = new SourceReader(metricSources, delta);
  let startTime = hrTime();
  return {
    collect(): Promise<CollectionResult> {
      const span = { startTime, endTime: hrTime(), delta };
      const data = [...renameMetrics(metrics.collect(), semconv), ...sources.read()].map((instrument) =>
        metricData(instrument, span),
      );
      if (delta) {
        metrics.reset();
        startTime = span.endTime;
      }
      const scopeMetrics =
        data.length === 0 ? [] : [{ scope: { name: SCOPE_NAME, version: VERSION }, metrics: data }];
      return Promise.resolve({ resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] });
    },
  };
}
