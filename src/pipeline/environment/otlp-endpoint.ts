import { type Environment, readText } from "./variables.ts";

/** The last part of a signal's path, and of its variables in capitals. */
export type Signal = "traces" | "metrics" | "logs";

const DEFAULT_BASE = "http://localhost:4318";

/** Where an OTLP setting was found, so that a complaint can name it. */
interface Found {
  readonly name: string;
  readonly value: string;
}

/** The signal's own variable first, then the one for all signals. */
export function findOtlpVariable(env: Environment, signal: Signal, setting: string): Found | undefined {
  for (const name of [
    `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${setting}`,
    `OTEL_EXPORTER_OTLP_${setting}`,
  ]) {
    const value = readText(env, name);
    if (value !== undefined) return { name, value };
  }
  return undefined;
}

/**
 * The URL that a signal is sent to. A signal's own variable is taken as it stands; to `endpoint` and to
 * OTEL_EXPORTER_OTLP_ENDPOINT the signal's path is added.
 *
 * @param endpoint The option given in code, which wins over every variable.
 * @throws TypeError that names option or variable, and the value with its password left out.
 */
export function otlpUrl(env: Environment, signal: Signal, endpoint: string | undefined): string {
  if (endpoint !== undefined) return withSignalPath(parseUrl("start: endpoint", endpoint), signal);
  const found = findOtlpVariable(env, signal, "ENDPOINT");
  if (found === undefined) return withSignalPath(new URL(DEFAULT_BASE), signal);
  const url = parseUrl(found.name, found.value);
  return found.name === "OTEL_EXPORTER_OTLP_ENDPOINT" ? withSignalPath(url, signal) : url.href;
}

/** @returns `base` with the path of a signal behind its own. */
export function withSignalPath(base: URL, signal: Signal): string {
  const url = new URL(base);
  // The exporter's own rule glues the path behind a query; here it goes into the path.
  url.pathname = `${url.pathname.replace(/\/$/, "")}/v1/${signal}`;
  return url.href;
}

function parseUrl(name: string, value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new TypeError(
      `${name} must be an http:// or https:// URL, got ${JSON.stringify(hideSecrets(value))}`,
    );
  }
  return url;
}

/** Leaves out the two places of a URL where secrets stand: before the @, and the query. */
export function hideSecrets(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^/?#]*@/i, "$1***@").replace(/\?.*$/s, "?***");
}
