// One collector of scripts/stack as a bench runs it: its configuration, its CPU time, its memory and what it has sent.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** Of the kernel's clock in /proc, on every Linux that Node runs on. */
const TICKS_A_SECOND = 100;
const READY_MS = 20_000;
const DRAINED_MS = 60_000;

export interface CollectorPorts {
  readonly otlp: number;
  readonly telemetry: number;
  readonly health: number;
  readonly metrics: number;
  readonly spanMetrics: number;
}

export interface Collector {
  /** User and system time of all its threads since it was started. */
  cpuSeconds(): number;
  /** Resident memory in MiB. */
  rssMib(): number;
  /** Resolves when this many spans have been delivered since it was started. */
  sent(spans: number): Promise<void>;
  /** Sends the bodies over and over, several at a time, until so many requests were acknowledged. */
  send(bodies: readonly Uint8Array<ArrayBuffer>[], requests: number): Promise<void>;
  /** Series of one of its two Prometheus exporters, without those that tell about the scrape. */
  series(port: number): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** The program's path; built now where the cache has none. */
export function collectorProgram(): string {
  const said = execFileSync(`${ROOT}scripts/stack`, ["build", "collector"], { encoding: "utf8" });
  const folder = said.trim().split(/\s+/).at(-1) ?? "";
  const file = `${folder}/collector`;
  if (!existsSync(file)) throw new Error(`scripts/stack build collector said: ${said}`);
  return file;
}

/** @param configs Each is laid over the one before: files, or `yaml:` and a text. Arrays are replaced. */
export async function startCollector(
  program: string,
  configs: readonly string[],
  ports: CollectorPorts,
  sink: number,
): Promise<Collector> {
  const child = spawn(
    program,
    configs.flatMap((each) => ["--config", each]),
    {
      cwd: ROOT,
      stdio: ["ignore", "ignore", "pipe"],
      env: {
        PATH: process.env["PATH"],
        AGENT_OTEL_OTLP_HTTP_ENDPOINT: `127.0.0.1:${ports.otlp}`,
        AGENT_OTEL_OTLP_GRPC_ENDPOINT: "127.0.0.1:0",
        AGENT_OTEL_TELEMETRY_PORT: String(ports.telemetry),
        AGENT_OTEL_HEALTH_ENDPOINT: `127.0.0.1:${ports.health}`,
        AGENT_OTEL_PROMETHEUS_ENDPOINT: `127.0.0.1:${ports.metrics}`,
        AGENT_OTEL_SPAN_METRICS_ENDPOINT: `127.0.0.1:${ports.spanMetrics}`,
        AGENT_OTEL_JAEGER_ENDPOINT: `http://127.0.0.1:${sink}`,
      },
    },
  );
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-4_000);
  });
  const ended = once(child, "close");
  const kill = () => void child.kill("SIGKILL");
  process.once("exit", kill);
  await until(READY_MS, `the collector to be ready:\n${log}`, async () => {
    if (child.exitCode !== null) throw new Error(`the collector ended with ${child.exitCode}:\n${log}`);
    return (await fetch(`http://127.0.0.1:${ports.health}/`).catch(() => undefined))?.ok === true;
  });
  const pid = child.pid ?? 0;
  return {
    cpuSeconds: () => cpuSeconds(pid),
    rssMib: () => rssMib(pid),
    sent: (spans) =>
      until(DRAINED_MS, `${spans} spans to be sent`, async () => {
        const page = await (await fetch(`http://127.0.0.1:${ports.telemetry}/metrics`)).text();
        return sum(page, "otelcol_exporter_sent_spans") >= spans;
      }),
    send: (bodies, requests) => sendAll(`http://127.0.0.1:${ports.otlp}/v1/traces`, bodies, requests),
    async series(port) {
      const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      return page.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    },
    async stop() {
      child.kill("SIGTERM");
      await ended;
      process.off("exit", kill);
    },
  };
}

async function sendAll(
  url: string,
  bodies: readonly Uint8Array<ArrayBuffer>[],
  requests: number,
): Promise<void> {
  let next = 0;
  const headers = { "content-type": "application/x-protobuf" };
  const sender = async () => {
    while (next < requests) {
      const body = bodies[next++ % bodies.length] as Uint8Array<ArrayBuffer>;
      const response = await fetch(url, { method: "POST", headers, body });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`the collector answered ${response.status}`);
    }
  };
  await Promise.all([sender(), sender(), sender(), sender()]);
}

function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // After the name, which is in parentheses and may hold anything: user time is the twelfth field, system time the next.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}

function rssMib(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kib) / 1_024;
}

function sum(page: string, metric: string): number {
  const lines = page.split("\n").filter((line) => line.startsWith(metric));
  return lines.reduce((total, line) => total + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}

async function until(ms: number, what: string, check: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + ms; Date.now() < deadline; await wait(100)) if (await check()) return;
  throw new Error(`waited ${ms / 1_000} s for ${what}`);
}
