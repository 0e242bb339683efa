import type { LoggerName } from "../../agent/log-correlation.ts";
import type { StartOptions } from "../sdk-options.ts";
import { checkChoice, type Environment, readFlag, readList } from "./variables.ts";

export interface LogCorrelationConfig {
  /** Loggers whose lines get ids. @default ["pino", "winston"] */
  readonly loggers: readonly LoggerName[];
  /** Whether their lines become log records as well. @default false */
  readonly records: boolean;
}

const LOGGERS = ["pino", "winston", "console"] as const;
const NAME = "AGENT_OTEL_LOG_CORRELATION";

/**
 * Reads option `logCorrelation`, else AGENT_OTEL_LOG_CORRELATION, and AGENT_OTEL_LOG_RECORDS. Not part of PipelineConfig: lines
 * get their agent's name also where no SDK is started.
 *
 * @throws TypeError on a logger that is not known, and on `none` among others.
 */
export function readLogCorrelation(env: Environment, options: StartOptions = {}): LogCorrelationConfig {
  return { loggers: readLoggers(env, options), records: readFlag(env, "AGENT_OTEL_LOG_RECORDS") };
}

function readLoggers(env: Environment, { logCorrelation }: StartOptions): readonly LoggerName[] {
  if (logCorrelation !== undefined) {
    if (!Array.isArray(logCorrelation)) {
      throw new TypeError(`start: logCorrelation must be an array, got ${JSON.stringify(logCorrelation)}`);
    }
    return logCorrelation.map((each) => checkChoice("start: logCorrelation", each, LOGGERS));
  }
  const names = readList(env, NAME)?.map((each) => checkChoice(NAME, each, [...LOGGERS, "none"]));
  if (names === undefined) return ["pino", "winston"];
  if (names.includes("none") && names.length > 1) {
    throw new TypeError(`${NAME} must not mix none with loggers, got "${names.join(",")}"`);
  }
  return names.filter((name) => name !== "none");
}
