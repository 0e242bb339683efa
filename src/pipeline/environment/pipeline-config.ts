import type { Attributes } from "@opentelemetry/api";
import { DiagLogLevel } from "@opentelemetry/api";
import type { HostAllowList } from "../propagation/host-allow-list.ts";
import { readPropagateTo, readTrustIncoming, type TrustIncoming } from "../propagation/propagation-config.ts";
import { readPropagateSession, type SessionField } from "../propagation/session-fields.ts";
import type { StartOptions } from "../sdk-options.ts";
import type { SemconvGeneration } from "../semconv/generation.ts";
import { type BatchConfig, type MetricReaderConfig, readBatch, readMetricReader } from "./batch-config.ts";
import { type ExporterConfig, type OtlpConfig, readExporters } from "./exporter-config.ts";
import { checkText, readTraceFilePath } from "./file-paths.ts";
import { readSampler, type SamplerConfig } from "./sampler-config.ts";
import { readSemconv } from "./semconv-generation.ts";
import { readSpool, type SpoolConfig } from "./spool-config.ts";
import { checkChoice, type Environment, readText } from "./variables.ts";

/** Everything the environment and the options say about the pipeline, checked. Holds no secrets. */
export interface PipelineConfig {
  /** Set by option or OTEL_SERVICE_NAME; else the resource detectors decide. */
  readonly serviceName: string | undefined;
  /** From the option alone: OTEL_RESOURCE_ATTRIBUTES is read by its detector. */
  readonly resourceAttributes: Attributes;
  /** Absent where the options bring a sampler. */
  readonly sampler: SamplerConfig | undefined;
  /** Empty where the options bring an exporter. */
  readonly traceExporters: readonly ExporterConfig[];
  readonly batch: BatchConfig;
  /** Absent: spans wait in memory. */
  readonly spool: SpoolConfig | undefined;
  /** Hosts that may learn of a trace and its baggage. */
  readonly propagateTo: HostAllowList;
  /** Whose trace a request may continue. */
  readonly trustIncoming: TrustIncoming;
  /** What of a session may leave the process. */
  readonly propagateSession: readonly SessionField[];
  /** Empty where the options bring readers. */
  readonly metricExporters: readonly ExporterConfig[];
  readonly metricReader: MetricReaderConfig;
  readonly logExporters: readonly ExporterConfig[];
  /** Path of a file that gets every sampled span as one line. */
  readonly traceFile: string | undefined;
  /** Names of what is exported. */
  readonly semconv: SemconvGeneration;
  /** For our diag logger. @default DiagLogLevel.WARN */
  readonly logLevel: DiagLogLevel;
}

const LEVELS = ["NONE", "ERROR", "WARN", "INFO", "DEBUG", "VERBOSE", "ALL"] as const;

/**
 * Reads the whole configuration in one place, since NodeSDK stops reading the environment for whatever it is given in
 * code. An option wins over the variables of its own field, which then are not even checked; all others still count.
 *
 * @throws TypeError or RangeError that names the variable or option, what it allows and the value it has.
 */
export function readPipelineConfig(env: Environment, options: StartOptions = {}): PipelineConfig {
  const { endpoint } = options;
  const spool = readSpool(env, options);
  const traceExporters =
    options.traceExporter === undefined ? readExporters(env, "traces", "otlp", endpoint) : [];
  if (spool !== undefined) checkSpooled(traceExporters);
  return {
    serviceName: checkText("serviceName", options.serviceName) ?? readText(env, "OTEL_SERVICE_NAME"),
    resourceAttributes: options.resourceAttributes ?? {},
    sampler: options.sampler === undefined ? readSampler(env) : undefined,
    traceExporters,
    batch: readBatch(env),
    spool,
    propagateTo: readPropagateTo(env, options),
    trustIncoming: readTrustIncoming(env, options),
    propagateSession: readPropagateSession(env, options),
    metricExporters:
      options.metricReaders === undefined ? readExporters(env, "metrics", "otlp", endpoint) : [],
    metricReader: readMetricReader(env),
    logExporters: readExporters(env, "logs", "none", undefined),
    traceFile: readTraceFilePath(env, options),
    semconv: readSemconv(env, options),
    logLevel: readLogLevel(env),
  };
}

/** A directory that nothing is ever written to would be found out at the first outage. */
function checkSpooled(exporters: readonly ExporterConfig[]): void {
  if (exporters.some(isSpooled)) return;
  throw new TypeError(
    "AGENT_OTEL_SPOOL_DIR (option spool) needs OTEL_TRACES_EXPORTER=otlp with protocol http/protobuf: " +
      "no other exporter keeps spans in a directory",
  );
}

/** Whether spans of this exporter wait in our queue until they are delivered. */
export function isSpooled(config: ExporterConfig): config is OtlpConfig {
  return config.kind === "otlp" && config.protocol === "http/protobuf";
}

export function readLogLevel(env: Environment): DiagLogLevel {
  const value = readText(env, "OTEL_LOG_LEVEL")?.toUpperCase() ?? "WARN";
  return DiagLogLevel[checkChoice("OTEL_LOG_LEVEL", value, LEVELS)];
}
