import type { Check } from "./check.ts";
import { askedStatus, httpUrl } from "./http-check.ts";

export interface CollectorOptions {
  /** Where traces go. @default OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, else OTEL_EXPORTER_OTLP_ENDPOINT and `/v1/traces`, else that at http://localhost:4318 */
  readonly url?: string | URL;
  /** @default OTEL_EXPORTER_OTLP_TRACES_HEADERS, else OTEL_EXPORTER_OTLP_HEADERS */
  readonly headers?: Readonly<Record<string, string>>;
  /** @default false: telemetry that is lost for a while stops no work */
  readonly required?: boolean;
}

/** Sends an OTLP request over HTTP without a span in it, which every receiver takes and forgets. @throws TypeError that names the option. */
export function collectorCheck(
  { url, headers, required = false }: CollectorOptions,
  env: NodeJS.ProcessEnv = process.env,
): Check {
  const target = httpUrl("readiness: url of the collector", url ?? urlOf(env));
  const own = headers ?? headersOf(env);
  return {
    name: "collector",
    required,
    // An empty message of protocol buffers has no bytes.
    run: (signal) =>
      askedStatus(target, {
        method: "POST",
        headers: { "content-type": "application/x-protobuf", ...own },
        body: new Uint8Array(),
        signal,
      }),
  };
}

function urlOf(env: NodeJS.ProcessEnv): string {
  const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: own, OTEL_EXPORTER_OTLP_ENDPOINT: base } = env;
  return own || `${(base || "http://localhost:4318").replace(/\/$/, "")}/v1/traces`;
}

/** `name=value,…`, percent-encoded (OpenTelemetry specification, "Configuration Options" of the OTLP exporter). */
function headersOf(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const text = env["OTEL_EXPORTER_OTLP_TRACES_HEADERS"] || env["OTEL_EXPORTER_OTLP_HEADERS"] || "";
  const pairs = text.split(",").flatMap((pair) => {
    const [, name = "", value = ""] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*=(.*)$/s.exec(pair) ?? [];
    return name === "" ? [] : [[name, decoded(value.trim())] as const];
  });
  return Object.fromEntries(pairs);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
