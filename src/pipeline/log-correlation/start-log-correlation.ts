import { logCorrelation } from "../../agent/log-correlation.ts";
import { warnOnce } from "../../internal/warn-once.ts";
import type { LogCorrelationConfig } from "../environment/log-correlation-config.ts";
import { correlateConsole } from "./console.ts";
import { emitLogRecord } from "./log-records.ts";

/**
 * Puts ids on the lines of the loggers that are asked for. pino and winston are patched where they are loaded, by `register`;
 * `console` is here already, so it is patched now.
 *
 * @param exported Whether log records have somewhere to go.
 * @returns Gives `console` back as it was, and ends the rest.
 */
export function startLogCorrelation(config: LogCorrelationConfig, exported: boolean): () => void {
  if (config.records && !exported) {
    warnOnce(
      "log-records",
      "AGENT_OTEL_LOG_RECORDS=true needs OTEL_LOGS_EXPORTER=otlp; no log records are sent",
    );
  }
  logCorrelation.use(config.loggers, config.records && exported ? emitLogRecord : undefined);
  const restore = config.loggers.includes("console") ? correlateConsole(console) : undefined;
  return () => {
    restore?.();
    logCorrelation.use([]);
  };
}
