import type { StartOptions } from "../sdk-options.ts";
import { type Environment, readText } from "./variables.ts";

/**
 * Path of the file with prices of the user's own: option `prices`, else AGENT_OTEL_PRICES. Not part of PipelineConfig, as
 * budgets need prices also where no SDK is started.
 */
export function readPricesPath(env: Environment, options: StartOptions = {}): string | undefined {
  return checkText("prices", options.prices) ?? readText(env, "AGENT_OTEL_PRICES");
}

/** Path of the file that gets every sampled span: option `traceFile`, else AGENT_OTEL_TRACE_FILE. */
export function readTraceFilePath(env: Environment, options: StartOptions = {}): string | undefined {
  return checkText("traceFile", options.traceFile) ?? readText(env, "AGENT_OTEL_TRACE_FILE");
}

/** @throws TypeError that names the option and its value. */
export function checkText(option: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "string" || value.trim() === "") {
    throw new TypeError(`start: ${option} must be a string that is not empty, got ${JSON.stringify(value)}`);
  }
  return value;
}

/** @throws TypeError that names the option and its value. */
export function checkFunction<F>(option: string, value: F | undefined): F | undefined {
  if (value === undefined || typeof value === "function") return value;
  throw new TypeError(`start: ${option} must be a function, got ${JSON.stringify(value)}`);
}
