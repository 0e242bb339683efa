import { request as httpRequest, type OutgoingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";
import { type Exchange, exchange } from "../../../../pipeline/durable-span-exporter/send/exchange.ts";
import { requestHeaders } from "../../../../pipeline/durable-span-exporter/send/request-headers.ts";
import type { OtlpConfig } from "../../../../pipeline/environment/exporter-config.ts";
import type { Signal } from "../../../../pipeline/environment/otlp-endpoint.ts";
import { readOtlpCertificates, readOtlpHeaders } from "../../../../pipeline/environment/otlp-secrets.ts";
import type { Environment } from "../../../../pipeline/environment/variables.ts";

/** Where one signal is sent to. */
export interface Target extends Pick<OtlpConfig, "url" | "protocol" | "timeoutMillis"> {
  readonly signal: Signal;
}

/** A request with nothing in it, of each signal, in JSON; in protobuf it has no bytes at all. */
const EMPTY_JSON: Readonly<Record<Signal, string>> = {
  traces: '{"resourceSpans":[]}',
  metrics: '{"resourceMetrics":[]}',
  logs: '{"resourceLogs":[]}',
};
const LONGEST_MS = 5_000;
const MOST_BYTES = 64 * 1_024;

/**
 * Sends an empty OTLP request, with the headers and certificates that an exporter would send.
 *
 * @returns What came back; `ended` after 5 s, or the exporter's own time where that is shorter.
 * @throws TypeError where the environment names a certificate that cannot be read.
 */
export async function askEndpoint(
  { url, protocol, signal, timeoutMillis }: Target,
  env: Environment,
): Promise<Exchange> {
  const json = protocol === "http/json";
  const body = Buffer.from(json ? EMPTY_JSON[signal] : "");
  const headers: OutgoingHttpHeaders = {
    ...requestHeaders({ body, gzip: false, spans: 0, createdMs: 0 }, readOtlpHeaders(env, signal)),
    ...(json && { "content-type": "application/json" }),
  };
  const secure = url.startsWith("https:");
  const certificates = secure ? readOtlpCertificates(env, signal) : {};
  const request = secure ? httpsRequest : httpRequest;
  const ended = new AbortController();
  // Holds the process: sockets of an exchange do not.
  const timer = setTimeout(() => ended.abort(), Math.min(LONGEST_MS, timeoutMillis));
  try {
    const start = () => request(url, { method: "POST", headers, agent: false, ...certificates });
    return await exchange(start, body, MOST_BYTES, ended.signal);
  } finally {
    clearTimeout(timer);
  }
}
