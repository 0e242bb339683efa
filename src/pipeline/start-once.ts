import { diag, ProxyTracerProvider, trace } from "@opentelemetry/api";
import { contentCapture } from "../agent/content/capture-mode.ts";
import { readPriceFile } from "../cost/price-file.ts";
import { defaultPrices, priceTable } from "../cost/prices.ts";
import { userRedaction } from "../internal/redact/user-redaction.ts";
import { stderrWriter } from "../internal/stderr-writer.ts";
import { readCaptureContent } from "./environment/capture-content.ts";
import { checkFunction, readPricesPath } from "./environment/file-paths.ts";
import { readLogCorrelation } from "./environment/log-correlation-config.ts";
import { type PipelineConfig, readPipelineConfig } from "./environment/pipeline-config.ts";
import { readSdkMode } from "./environment/sdk-mode.ts";
import { startLogCorrelation } from "./log-correlation/start-log-correlation.ts";
import { startRunLog } from "./run-log-default.ts";
import type { RunningSdk } from "./sdk-build.ts";
import { installDiagLogger } from "./sdk-diag-logger.ts";
import { flushAtExit } from "./sdk-exit.ts";
import { type AgentOtel, DEFAULT_TIMEOUT_MS, idleHandle, runningHandle } from "./sdk-handle.ts";
import type { StartOptions } from "./sdk-options.ts";
import { watchForSecondSdk } from "./second-sdk.ts";

/** The one SDK of this process: OpenTelemetry's globals can be registered only once. */
let started: AgentOtel | undefined;

/** Builds the SDK: handed in, so that whoever starts nothing does not load it, which takes two thirds of a start. */
export type BuildSdk = (config: PipelineConfig, options: StartOptions) => RunningSdk;

/**
 * Begins what the environment and the options say, once for this process; later calls get the first one's handle, and a warning.
 *
 * @param build `undefined` only where the environment says that no SDK is started.
 */
export function startOnce(options: StartOptions, build: BuildSdk | undefined): AgentOtel {
  if (started !== undefined) {
    diag.warn("agent-otel: start() was called again; the first call counts, its options and its handle stay");
    return started;
  }
  started = begin(options, build);
  return started;
}

function begin(options: StartOptions, build: BuildSdk | undefined): AgentOtel {
  if (typeof options.prices === "object") defaultPrices.use(priceTable(options.prices, "option prices"));
  else {
    const path = readPricesPath(process.env, options);
    if (path !== undefined) defaultPrices.use(readPriceFile(path));
  }
  startRunLog(process.env);
  const mode = readSdkMode(process.env);
  if (mode !== "disabled") {
    userRedaction.use(checkFunction("redact", options.redact));
    contentCapture.use(readCaptureContent(process.env, options));
  }
  const lines = readLogCorrelation(process.env, options);
  if (mode !== "start" || build === undefined) {
    startLogCorrelation(lines, mode === "external");
    return idleHandle(mode === "disabled" ? mode : "external");
  }
  const config = readPipelineConfig(process.env, options);
  installDiagLogger(config.logLevel);
  if (hasTracerProvider()) {
    diag.warn(
      "agent-otel: this program has registered a tracer provider of its own, so start() does nothing. " +
        "Add agentSpanProcessor() to its span processors, and set AGENT_OTEL_SDK=external to say that this is meant.",
    );
    startLogCorrelation(lines, true);
    return idleHandle("external");
  }
  const sdk = build(config, options);
  const endLogCorrelation = startLogCorrelation(lines, config.logExporters.length > 0);
  watchForSecondSdk(stderrWriter());
  const exitHooks = flushAtExit(sdk, DEFAULT_TIMEOUT_MS);
  const onShutdown = () => {
    endLogCorrelation();
    exitHooks.stopFlushing();
  };
  return runningHandle(sdk, onShutdown, exitHooks.stopKeeping);
}

/** The API answers with a proxy that stands for nothing until a provider is registered. */
function hasTracerProvider(): boolean {
  const provider = trace.getTracerProvider();
  return (
    !(provider instanceof ProxyTracerProvider) ||
    provider.getDelegate() !== new ProxyTracerProvider().getDelegate()
  );
}

/**
 * Sends what is waiting, for programs that `register` started: before a snapshot, at the end of a serverless request.
 *
 * @param timeoutMs Milliseconds after which it resolves all the same. Resolves at once when nothing was started; never rejects.
 */
export async function flush(timeoutMs?: number): Promise<void> {
  await started?.flush(timeoutMs);
}

/** Flushes and ends telemetry, within `timeoutMs`. May be called twice; never rejects. */
export async function shutdown(timeoutMs?: number): Promise<void> {
  await started?.shutdown(timeoutMs);
}
