/**
 * For programs that start OpenTelemetry in code, or have an SDK of their own.
 *
 * @module agent-otel/start
 */

export type { RedactFunction } from "./internal/redact/user-redaction.ts";
export { agentContextManager } from "./pipeline/agent-context-manager.ts";
export { type AgentMetricsOptions, agentMetrics } from "./pipeline/agent-metrics.ts";
export { agentSpanProcessor } from "./pipeline/agent-span-processor.ts";
export { alwaysRecord } from "./pipeline/always-record.ts";
export {
  type DurableSpanExporter,
  durableSpanExporter,
} from "./pipeline/durable-span-exporter/durable-span-exporter.ts";
export type { DurableSpanExporterOptions } from "./pipeline/durable-span-exporter/options.ts";
export { spoolMetrics } from "./pipeline/durable-span-exporter/spool-metrics.ts";
export type {
  UndeliverableBatch,
  UndeliverableListener,
} from "./pipeline/durable-span-exporter/undeliverable.ts";
export { guardOutgoing } from "./pipeline/propagation/guard-outgoing.ts";
export { hostAllowList } from "./pipeline/propagation/host-allow-list.ts";
export { incomingPropagator } from "./pipeline/propagation/incoming-propagator.ts";
export { remoteLinkProcessor } from "./pipeline/propagation/remote-link.ts";
export type { AgentOtel } from "./pipeline/sdk-handle.ts";
export type { StartOptions } from "./pipeline/sdk-options.ts";
export type { SemconvGeneration } from "./pipeline/semconv/generation.ts";
export { semconvProcessor } from "./pipeline/semconv/semconv-processor.ts";
export { start } from "./pipeline/start.ts";
export { flush, shutdown } from "./pipeline/start-once.ts";
export { traceFileExporter } from "./pipeline/trace-file-exporter.ts";
