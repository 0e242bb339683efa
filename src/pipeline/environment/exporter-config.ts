import { findOtlpVariable, otlpUrl, type Signal } from "./otlp-endpoint.ts";
import { TRACES_ENDPOINTS, tracesUrls } from "./traces-endpoints.ts";
import { checkChoice, type Environment, readList, readText, readWholeNumber } from "./variables.ts";

const EXPORTERS = ["otlp", "console", "none"] as const;
const PROTOCOLS = ["http/protobuf", "http/json"] as const;
const TEMPORALITIES = ["cumulative", "delta", "lowmemory"] as const;

/**
 * What the OTLP exporter needs from us. Headers and certificates of the environment are checked here but read when an
 * exporter is built, so that no secret stands in a configuration that may be printed.
 */
export interface OtlpConfig {
  readonly kind: "otlp";
  readonly url: string;
  /** Several, of which `url` is the first: for traces over http/protobuf only. */
  readonly urls?: readonly string[];
  /** @default "http/protobuf" */
  readonly protocol: (typeof PROTOCOLS)[number];
  /** For one export with all its retries, in milliseconds. @default 10_000 */
  readonly timeoutMillis: number;
  /** @default undefined: as the exporter sees fit */
  readonly compression: "gzip" | "none" | undefined;
  /** For metrics only. @default "cumulative" */
  readonly temporality: (typeof TEMPORALITIES)[number];
}

export type ExporterConfig = OtlpConfig | { readonly kind: "console" };

/**
 * Reads which exporters a signal has, and the OTLP settings only where OTLP is among them.
 *
 * @param byDefault What an unset variable means.
 * @param endpoint The option given in code.
 * @returns An empty list for `none`.
 * @throws TypeError or RangeError that names the variable and its value.
 */
export function readExporters(
  env: Environment,
  signal: Signal,
  byDefault: "otlp" | "none",
  endpoint: string | undefined,
): readonly ExporterConfig[] {
  const name = `OTEL_${signal.toUpperCase()}_EXPORTER`;
  const kinds = (readList(env, name) ?? [byDefault]).map((value) => checkChoice(name, value, EXPORTERS));
  if (kinds.includes("none") && kinds.length > 1) {
    throw new TypeError(`${name} must not mix none with other exporters, got "${kinds.join(",")}"`);
  }
  return kinds
    .filter((kind) => kind !== "none")
    .map((kind) => (kind === "console" ? { kind } : readOtlp(env, signal, endpoint)));
}

function readOtlp(env: Environment, signal: Signal, endpoint: string | undefined): OtlpConfig {
  checkHeaders(env, signal);
  const protocol = readProtocol(env, signal);
  const urls = signal === "traces" && endpoint === undefined ? tracesUrls(env) : undefined;
  if (urls !== undefined && protocol !== "http/protobuf") {
    throw new TypeError(`${TRACES_ENDPOINTS} needs OTLP protocol http/protobuf, got "${protocol}"`);
  }
  return {
    kind: "otlp",
    url: urls?.[0] ?? otlpUrl(env, signal, endpoint),
    ...(urls && { urls }),
    protocol,
    timeoutMillis: readTimeout(env, signal),
    compression: readCompression(env, signal),
    temporality: signal === "metrics" ? readTemporality(env) : "cumulative",
  };
}

function readProtocol(env: Environment, signal: Signal): OtlpConfig["protocol"] {
  const found = findOtlpVariable(env, signal, "PROTOCOL");
  return found === undefined ? "http/protobuf" : checkChoice(found.name, found.value, PROTOCOLS);
}

function readTimeout(env: Environment, signal: Signal): number {
  const found = findOtlpVariable(env, signal, "TIMEOUT");
  return (found && readWholeNumber(env, found.name, 1)) ?? 10_000;
}

function readTemporality(env: Environment): OtlpConfig["temporality"] {
  const name = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";
  const value = readText(env, name)?.toLowerCase();
  return value === undefined ? "cumulative" : checkChoice(name, value, TEMPORALITIES);
}

function readCompression(env: Environment, signal: Signal): OtlpConfig["compression"] {
  const found = findOtlpVariable(env, signal, "COMPRESSION");
  return found && checkChoice(found.name, found.value, ["gzip", "none"]);
}

/** The exporter drops what it cannot read; a dropped API key shows only as a 401 later. Never quotes the value. */
function checkHeaders(env: Environment, signal: Signal): void {
  const own = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_HEADERS`;
  for (const name of [own, "OTEL_EXPORTER_OTLP_HEADERS"]) {
    const broken = readList(env, name)?.findIndex((part) => part.indexOf("=") < 1) ?? -1;
    if (broken >= 0) {
      throw new TypeError(
        `${name} must be a list like key=value,key=value; part ${broken + 1} is not (value not shown)`,
      );
    }
  }
}
