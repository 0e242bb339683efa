import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { root } from "../source-files.ts";
import { readOtlp } from "./read-otlp.ts";
import type { Generation } from "./registry.ts";
import type { Telemetry } from "./telemetry.ts";

const PRELOADED = ["test/contract/conformance/from-source.mjs", "src/register.ts"];

/**
 * Runs a program as `node --import agent-otel/register` does, from the sources, until it says what it did and its input ends.
 *
 * @param args Those before the folder that it may write to.
 * @returns All that it has sent: spans by way of the trace file, as those that it sends wait in a spool on disk.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  semconv: Generation,
): Promise<Telemetry> {
  await using home = await newFolder();
  const folder = home.path;
  await using receiver = await jsonReceiver();
  const traceFile = join(folder, "trace.jsonl");
  const preloads = PRELOADED.flatMap((file) => ["--import", join(root, file)]);
  const child = spawn(process.execPath, [...preloads, join(root, program), ...args, folder], {
    cwd: root,
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      AGENT_OTEL_LOG: "none",
      AGENT_OTEL_SEMCONV: semconv,
      AGENT_OTEL_SPOOL_DIR: join(folder, "spool"),
      AGENT_OTEL_TRACE_FILE: traceFile,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: "http/json",
      OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "SPAN_AND_EVENT",
      OTEL_LOGS_EXPORTER: "otlp",
      OTEL_METRIC_EXPORT_INTERVAL: "1000",
      OTEL_SERVICE_NAME: "desk",
    },
  });
  const complaints = text(child.stderr);
  const ended = once(child, "close");
  await Promise.race([once(createInterface(child.stdout), "line"), ended]);
  child.stdin.end();
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${await complaints}`);
  const lines = (await readFile(traceFile, "utf8")).split("\n").filter((line) => line !== "");
  return readOtlp([...lines.map((line): unknown => JSON.parse(line)), ...receiver.bodies]);
}

async function newFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "agent-otel-conformance-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

interface Receiver extends AsyncDisposable {
  readonly url: string;
  /** Of requests with JSON. */
  readonly bodies: readonly unknown[];
}

async function jsonReceiver(): Promise<Receiver> {
  const bodies: unknown[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (request.headers["content-type"] === "application/json") bodies.push(JSON.parse(body));
    response.writeHead(200, { "content-type": request.headers["content-type"] ?? "application/json" }).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Of several programs together. */
export function together(all: readonly Telemetry[]): Telemetry {
  return {
    resources: all.flatMap(({ resources }) => resources),
    spans: all.flatMap(({ spans }) => spans),
    metrics: all.flatMap(({ metrics }) => metrics),
    logs: all.flatMap(({ logs }) => logs),
  };
}
