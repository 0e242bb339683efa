import { once } from "node:events";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { isAgentError } from "../../../errors/agent-error.ts";
import { type DevServer, type DevServerOptions, devServer } from "../../../server/dev/dev-server.ts";
import { printable } from "../../../telemetry/format-trace-text.ts";
import { CliError, UsageError } from "../../cli-error.ts";
import { EXIT_OK, type ExitCode, type Terminal } from "../../command.ts";
import { parseCommandArgs } from "../../parse-args.ts";

const DAY_MS = 86_400_000;

/** Runs until a signal ends it. @throws UsageError; CliError where a port is in use, or a file is not to be used. */
export async function runDev(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { json, options } = readArgs(args);
  // Heard from now on, so that a signal during the start ends it cleanly too.
  const ended = endOf(["SIGINT", "SIGTERM", "SIGHUP"]);
  // What fails in the background is said once, and answers to requests tell nothing of it.
  const tell = (...said: unknown[]) => terminal.note(said.map(printed).join(" "));
  diag.setLogger({ error: tell, warn: tell, info() {}, debug() {}, verbose() {} }, DiagLogLevel.WARN);
  const server = await opened(options);
  terminal.out(json ? `${JSON.stringify(addresses(server))}\n` : welcome(server));
  await ended;
  await server.close();
  return EXIT_OK;
}

function readArgs(args: readonly string[]): { readonly json: boolean; readonly options: DevServerOptions } {
  const { values, positionals } = parseCommandArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      port: { type: "string" },
      "otlp-port": { type: "string" },
      telemetry: { type: "string" },
      db: { type: "string" },
      redis: { type: "string" },
      "keep-days": { type: "string" },
      "max-spans": { type: "string" },
      "allow-host": { type: "string", multiple: true },
      json: { type: "boolean" },
    },
  });
  if (positionals.length > 0) throw new UsageError(`dev takes no "${positionals.join(" ")}"`);
  const redis = values.redis ?? (process.env["AGENT_OTEL_REDIS"]?.trim() || undefined);
  const days = whole("--keep-days", values["keep-days"], 1, 365);
  const port = whole("--port", values.port, 0, 65_535);
  const otlpPort = whole("--otlp-port", values["otlp-port"], 0, 65_535);
  const maxSpans = whole("--max-spans", values["max-spans"], 1_000, 100_000_000);
  if ((port ?? 4319) === (otlpPort ?? 4318) && port !== 0)
    throw new UsageError(`--port and --otlp-port must differ, got ${port ?? 4319} for both`);
  return {
    json: values.json === true,
    options: {
      ...(port !== undefined && { port }),
      ...(otlpPort !== undefined && { otlpPort }),
      ...(values.telemetry !== undefined && { telemetryDb: values.telemetry }),
      ...(values.db !== undefined && { db: values.db }),
      ...(redis !== undefined && { redis }),
      ...(days !== undefined && { maxAgeMs: days * DAY_MS }),
      ...(maxSpans !== undefined && { maxSpans }),
      allowHosts: (values["allow-host"] ?? []).map(hostName),
    },
  };
}

function whole(option: string, text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`${option} must be a whole number from ${min} to ${max}, got ${JSON.stringify(text)}`);
}

function hostName(name: string): string {
  if (/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(name)) return name;
  throw new UsageError(`--allow-host must be a host name without a port, got ${JSON.stringify(name)}`);
}

async function opened(options: DevServerOptions): Promise<DevServer> {
  try {
    return await devServer(options);
  } catch (error) {
    if (isAgentError(error)) throw new CliError(error.message, { cause: error });
    if (error instanceof TypeError || error instanceof RangeError)
      throw new UsageError(error.message.replace(/^(sqlite: path|postgres: url)/, "--db"));
    // What the system says has a code; a mistake of ours has none.
    if (error instanceof Error && "code" in error)
      throw new CliError(`cannot start: ${error.message}`, { cause: error });
    throw error;
  }
}

function printed(value: unknown): string {
  return printable(value instanceof Error ? value.message : String(value), 1_000);
}

function addresses({ url, urlWithToken, otlpUrl, telemetryDb, sharedPlace, tokenFile }: DevServer): object {
  return { url, urlWithToken, otlpUrl, telemetryDb, sharedPlace, tokenFile, pid: process.pid };
}

function welcome({ urlWithToken, otlpUrl, telemetryDb, sharedPlace }: DevServer): string {
  const isDefault = otlpUrl === "http://127.0.0.1:4318";
  const variable = isDefault ? "" : `OTEL_EXPORTER_OTLP_ENDPOINT=${otlpUrl} `;
  return `agent-otel dev

  Page       ${urlWithToken}
  Receiver   ${otlpUrl} (OTLP over HTTP)
  Telemetry  ${telemetryDb}
  Shared     ${sharedPlace}

Send to it from another terminal:

  ${variable}node --import agent-otel/register app.js

Ctrl-C ends it.
`;
}

async function endOf(signals: readonly NodeJS.Signals[]): Promise<void> {
  const stop = new AbortController();
  await Promise.race(signals.map((signal) => once(process, signal, { signal: stop.signal }).catch(() => {})));
  // A second Ctrl-C ends the process at once, as it does without us.
  stop.abort();
}
