import type { Attributes } from "@opentelemetry/api";
import type { IMetricReader } from "@opentelemetry/sdk-metrics";
import type { Sampler, SpanExporter, SpanProcessor } from "@opentelemetry/sdk-trace";
import type { CaptureContent } from "../agent/content/capture-mode.ts";
import type { LoggerName } from "../agent/log-correlation.ts";
import type { PriceTableInput } from "../cost/price-table-input.ts";
import type { RedactFunction } from "../internal/redact/user-redaction.ts";
import type { SpoolConfig } from "./environment/spool-config.ts";
import type { PropagationOptions } from "./propagation/propagation-config.ts";
import type { SemconvGeneration } from "./semconv/generation.ts";
import type { WaitUntil } from "./wait-until.ts";

/** All optional. What is given here wins over the environment, for that field only. */
export interface StartOptions extends PropagationOptions {
  /** Wins over OTEL_SERVICE_NAME. */
  readonly serviceName?: string;
  /** Added to what the detectors find, and wins over OTEL_RESOURCE_ATTRIBUTES. */
  readonly resourceAttributes?: Attributes;
  /** Base URL of an OTLP/HTTP receiver; `/v1/traces` and `/v1/metrics` are added. @default "http://localhost:4318" */
  readonly endpoint?: string;
  /** Sent with every OTLP request for traces and metrics, over those of OTEL_EXPORTER_OTLP_HEADERS with the same name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of OTEL_TRACES_SAMPLER. Do not wrap it: spans it drops are recorded in the process all the same. */
  readonly sampler?: Sampler;
  /** In place of OTEL_TRACES_EXPORTER; gets sampled spans in batches by OTEL_BSP_*. */
  readonly traceExporter?: SpanExporter;
  /**
   * Directory where spans wait until they are delivered, also past the end of the process; wins over AGENT_OTEL_SPOOL_DIR.
   * Private to this user; several processes may share it. @default none: they wait in memory
   */
  readonly spool?: string | SpoolConfig;
  /**
   * On serverless platforms: called at the end of each request, when its outermost span ends, with a promise that resolves
   * when all is sent, 5 s later at the latest. @example `waitUntil: (work) => waitUntil(work)` of `@vercel/functions`
   */
  readonly waitUntil?: WaitUntil;
  /** Added to ours. They see every span, sampled or not: look at `traceFlags` before you export one. */
  readonly spanProcessors?: readonly SpanProcessor[];
  /** In place of OTEL_METRICS_EXPORTER. For agent metrics build them with `metricProducers: [agentMetrics()]`. */
  readonly metricReaders?: readonly IMetricReader[];
  /** Prices of your own, or the path of a JSON file with them; wins over AGENT_OTEL_PRICES. */
  readonly prices?: string | PriceTableInput;
  /** Path of a file that gets every sampled span as one line; wins over AGENT_OTEL_TRACE_FILE. */
  readonly traceFile?: string;
  /**
   * Loggers whose lines get the ids of their span and the name of their agent; wins over AGENT_OTEL_LOG_CORRELATION. pino and
   * winston only where `register` loaded them. @default ["pino", "winston"]
   */
  readonly logCorrelation?: readonly LoggerName[];
  /**
   * Where prompts, answers and tool names of model calls are recorded, redacted and cut; wins over
   * OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT. Events need a logs pipeline (OTEL_LOGS_EXPORTER). @default "NO_CONTENT"
   */
  readonly captureContent?: CaptureContent;
  /**
   * Generation of the GenAI conventions whose names are exported; wins over AGENT_OTEL_SEMCONV and OTEL_SEMCONV_STABILITY_OPT_IN.
   * `v1.41` for back ends that read no newer one; `dup`: both, side by side. Processors of yours see the newest names in each,
   * and our dashboards need `latest` or `dup`. @default "latest"
   */
  readonly semconv?: SemconvGeneration;
  /**
   * Redacts every text that is recorded, before our own rules do: messages of failures, prompts and answers, log lines. Where it
   * throws or gives no string, the text becomes "[redacted]".
   */
  readonly redact?: RedactFunction;
}
