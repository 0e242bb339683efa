import { checkedUrlList } from "../durable-span-exporter/check-urls.ts";
import { withSignalPath } from "./otlp-endpoint.ts";
import { type Environment, readText } from "./variables.ts";

/** Several endpoints for traces alone, in place of OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, which names one. */
export const TRACES_ENDPOINTS = "AGENT_OTEL_TRACES_ENDPOINTS";

/**
 * The URLs of AGENT_OTEL_TRACES_ENDPOINTS, separated by commas. Each is taken as it stands; where it has no path, that of traces is
 * added.
 *
 * @returns `undefined` where it is not set.
 * @throws TypeError or RangeError that names the variable, and the value with its password left out.
 */
export function tracesUrls(env: Environment): readonly string[] | undefined {
  const text = readText(env, TRACES_ENDPOINTS);
  if (text === undefined) return undefined;
  const parts = text.split(",").map((part) => part.trim());
  const urls = checkedUrlList(
    TRACES_ENDPOINTS,
    parts.filter((part) => part !== ""),
  ).map(withTracesPath);
  return checkedUrlList(TRACES_ENDPOINTS, urls);
}

function withTracesPath(text: string): string {
  const url = new URL(text);
  return url.pathname === "/" ? withSignalPath(url, "traces") : url.href;
}
