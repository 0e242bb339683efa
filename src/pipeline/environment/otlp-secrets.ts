import { readFileSync } from "node:fs";
import { parseKeyPairsIntoRecord } from "@opentelemetry/core";
import { findOtlpVariable, type Signal } from "./otlp-endpoint.ts";
import { type Environment, readText } from "./variables.ts";

/**
 * The headers of OTEL_EXPORTER_OTLP_HEADERS, those of the signal's own variable over them. Read when an exporter is built, and
 * kept nowhere else.
 */
export function readOtlpHeaders(env: Environment, signal: Signal): Readonly<Record<string, string>> {
  const own = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_HEADERS`;
  return {
    ...parseKeyPairsIntoRecord(readText(env, "OTEL_EXPORTER_OTLP_HEADERS")),
    ...parseKeyPairsIntoRecord(readText(env, own)),
  };
}

/** PEM files, as Node's TLS takes them. */
export interface OtlpCertificates {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** @throws TypeError that names the variable whose file cannot be read. */
export function readOtlpCertificates(env: Environment, signal: Signal): OtlpCertificates {
  const ca = readPem(env, signal, "CERTIFICATE");
  const cert = readPem(env, signal, "CLIENT_CERTIFICATE");
  const key = readPem(env, signal, "CLIENT_KEY");
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

function readPem(env: Environment, signal: Signal, setting: string): Buffer | undefined {
  const found = findOtlpVariable(env, signal, setting);
  if (found === undefined) return undefined;
  try {
    return readFileSync(found.value);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new TypeError(
      `${found.name} must name a file that can be read (${code}), got ${JSON.stringify(found.value)}`,
    );
  }
}
