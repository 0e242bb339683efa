import { logs } from "@opentelemetry/api";
import type { IMetricReader } from "@opentelemetry/sdk-metrics";
import { NodeSDK } from "@opentelemetry/sdk-node";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import { eventNames } from "../telemetry/events.ts";
import { agentContextManager } from "./agent-context-manager.ts";
import { alwaysRecord } from "./always-record.ts";
import { checkFunction } from "./environment/file-paths.ts";
import { hideSecrets } from "./environment/otlp-endpoint.ts";
import type { PipelineConfig } from "./environment/pipeline-config.ts";
import { guardOutgoing } from "./propagation/guard-outgoing.ts";
import { incomingPropagator } from "./propagation/incoming-propagator.ts";
import { wrapRegisteredPropagator } from "./propagation/wrap-registered-propagator.ts";
import { pipelineResource } from "./resource.ts";
import { settledWithin } from "./sdk-bounded.ts";
import { guardedSampler } from "./sdk-guarded-sampler.ts";
import { DEFAULT_TIMEOUT_MS } from "./sdk-handle.ts";
import { pipelineMetricReaders } from "./sdk-metric-readers.ts";
import type { StartOptions } from "./sdk-options.ts";
import { samplerFrom } from "./sdk-sampler.ts";
import { spanPipeline } from "./sdk-span-processors.ts";
import { renameAttributes } from "./semconv/rename-attributes.ts";
import { waitUntilProcessor } from "./wait-until.ts";

/** What runs. Both promises may reject and may take as long as their slowest exporter; spooled spans take `timeoutMs` at most. */
export interface RunningSdk {
  flush(timeoutMs: number): Promise<unknown>;
  shutdown(timeoutMs: number): Promise<unknown>;
  /** At the very end of the process: spans in memory go to their directory, where there is one. */
  keepNow(): void;
  /** Whether a span ended since the last call of flush(), or flush() was never called. */
  hasNews(): boolean;
  /** Where it sends to, without secrets: for messages. */
  readonly targets: readonly string[];
}

/** Builds the SDK and registers it with the OpenTelemetry API. */
export function buildSdk(config: PipelineConfig, options: StartOptions): RunningSdk {
  let news = true;
  const markNews = () => {
    news = true;
  };
  const { processors: exporting, spooled, spooling } = spanPipeline(config, options);
  eventNames.use((attributes) => renameAttributes(attributes, config.semconv));
  const readers = pipelineMetricReaders(config, options, spooled);
  const flush = (timeoutMs: number): Promise<unknown> => {
    news = false;
    const others = processors.filter((each) => each !== spooling);
    return allDone([spooled?.flush(timeoutMs), flushAll(others, readers)]);
  };
  const waitUntil = checkFunction("waitUntil", options.waitUntil);
  const requestEnd = waitUntil && waitUntilProcessor(waitUntil, sharedFlush(flush));
  const processors: SpanProcessor[] = [
    ...exporting,
    newsMark(markNews),
    ...(requestEnd === undefined ? [] : [requestEnd]),
  ];
  const sdk = startNodeSdk(config, options, processors, readers);
  return {
    flush,
    // The exporter's first: told again by the SDK, it waits for the same.
    shutdown: (timeoutMs) => allDone([spooled?.stop(timeoutMs), attempt(() => sdk.shutdown())]),
    keepNow: () => spooled?.keepNow(),
    hasNews: () => news,
    targets: targetsOf(config),
  };
}

/** One flush for all requests that end in one turn of the event loop. */
function sharedFlush(flush: (timeoutMs: number) => Promise<unknown>): () => Promise<void> {
  let next: Promise<void> | undefined;
  const begin = async (): Promise<void> => {
    next = undefined;
    await settledWithin(() => flush(DEFAULT_TIMEOUT_MS), DEFAULT_TIMEOUT_MS);
  };
  return () => {
    next ??= new Promise<void>((resolve) => setImmediate(resolve)).then(begin);
    return next;
  };
}

function targetsOf({ traceExporters, metricExporters }: PipelineConfig): readonly string[] {
  const urls = [...traceExporters, ...metricExporters].flatMap((each) =>
    each.kind === "otlp" ? (each.urls ?? [each.url]) : [],
  );
  return urls.map(hideSecrets);
}

function startNodeSdk(
  config: PipelineConfig,
  options: StartOptions,
  spanProcessors: SpanProcessor[],
  metricReaders: IMetricReader[],
): NodeSDK {
  const root = options.sampler
    ? guardedSampler(options.sampler)
    : samplerFrom(config.sampler ?? { name: "parentbased_always_on" });
  // NodeSDK would replace the diag logger, the user's too, and send logs that nobody asked for.
  const unwanted = {
    OTEL_LOG_LEVEL: undefined,
    ...(config.logExporters.length === 0 && { OTEL_LOGS_EXPORTER: "none" }),
  };
  return withEnvironment(unwanted, () => {
    const sdk = new NodeSDK({
      resource: pipelineResource(config),
      autoDetectResources: false,
      contextManager: agentContextManager(),
      sampler: alwaysRecord(root),
      spanProcessors,
      metricReaders,
    });
    const { trustIncoming, propagateSession } = config;
    wrapRegisteredPropagator(
      (propagator) => incomingPropagator({ propagator, trustIncoming, propagateSession }),
      () => sdk.start(),
    );
    // For good: the propagator that it guards stays registered after a shutdown as well.
    guardOutgoing(config.propagateTo, { sendsSession: propagateSession.length > 0 });
    return sdk;
  });
}

/** NodeSDK has no option for these. Both its constructor and start() are synchronous, so nobody else sees the change. */
function withEnvironment<T>(changes: Readonly<Record<string, string | undefined>>, run: () => T): T {
  const before = Object.keys(changes).map((name) => [name, process.env[name]] as const);
  const apply = ([name, value]: readonly [string, string | undefined]) => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  Object.entries(changes).forEach(apply);
  try {
    return run();
  } finally {
    before.forEach(apply);
  }
}

/** NodeSDK cannot flush; one failing part does not keep the others from it. */
function flushAll(processors: readonly SpanProcessor[], readers: readonly IMetricReader[]): Promise<unknown> {
  return Promise.allSettled([
    ...processors.map((processor) => attempt(() => processor.forceFlush())),
    ...readers.map((reader) => attempt(() => reader.forceFlush())),
    flushLogs(),
  ]);
}

/** What a part throws at once is a rejection like any other: it must not keep the others from being asked. */
async function attempt(work: () => Promise<void>): Promise<void> {
  await work();
}

/** Waits for all, also where one fails early: what the others still send would be cut off. Rejects with the first failure. */
async function allDone(work: readonly (Promise<unknown> | undefined)[]): Promise<void> {
  const settled = await Promise.allSettled(work);
  for (const each of settled) if (each.status === "rejected") throw each.reason;
}

async function flushLogs(): Promise<void> {
  const provider: object = logs.getLoggerProvider();
  if ("forceFlush" in provider && typeof provider.forceFlush === "function") await provider.forceFlush();
}

function newsMark(onEnd: () => void): SpanProcessor {
  return { onStart: () => {}, onEnd, forceFlush: async () => {}, shutdown: async () => {} };
}
