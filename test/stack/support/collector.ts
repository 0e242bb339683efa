import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { root } from "../../contract/source-files.ts";

const run = promisify(execFile);

/** A collector by itself, with an environment of its own: beside a stack that has one already, or in front of it. */
export interface RunningCollector {
  /** For `send` of support/otlp.ts. */
  readonly otlp: string;
  readonly ports: CollectorPorts;
  /** @param signal Default: SIGTERM, after which it delivers what it has. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface CollectorPorts {
  readonly http: number;
  readonly grpc: number;
  readonly telemetry: number;
  readonly health: number;
  readonly metrics: number;
  readonly spanMetrics: number;
}

/** The program that scripts/stack builds; built now where the cache has none. */
export async function collectorProgram(): Promise<string> {
  const { stdout } = await run(join(root, "scripts/stack"), ["build", "collector"]);
  return join(stdout.trim().split(/\s+/).at(-1) ?? "", "collector");
}

/** What the collector says on both outputs until it ends. @returns Its exit code too. */
export async function collectorSays(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly said: string }> {
  const program = await collectorProgram();
  const done = await run(program, [...args], { cwd: root, env, timeout: 30_000 }).then(
    (said) => ({ ...said, code: 0 }),
    (error: unknown) => error as { stdout: string; stderr: string; code: number },
  );
  return { code: done.code, said: done.stdout + done.stderr };
}

/**
 * Starts collector/FILE and waits until it is healthy. Its queue lies in a folder that goes with it.
 *
 * @param portBase Six ports from here on are its own.
 */
export async function startCollector(
  file: string,
  portBase: number,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningCollector> {
  const [http, grpc, telemetry, health, metrics, spanMetrics] = Array.from(
    { length: 6 },
    (_, i) => portBase + i,
  ) as [number, number, number, number, number, number];
  const folder = mkdtempSync(join(tmpdir(), "agent-otel-collector-"));
  const child = spawn(await collectorProgram(), ["--config", join(root, "collector", file)], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...environmentOf({ http, grpc, telemetry, health, metrics, spanMetrics }, folder), ...env },
  });
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-4_000);
  });
  const ended = once(child, "close");
  const stop = async (signal: NodeJS.Signals = "SIGTERM") => {
    if (child.exitCode === null) child.kill(signal);
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; !(await isHealthy(health)); tries++) {
    if (child.exitCode !== null || tries > 200) {
      await stop("SIGKILL");
      throw new Error(`the collector did not start: ${log}`);
    }
    await wait(100);
  }
  const ports = { http, grpc, telemetry, health, metrics, spanMetrics };
  return { otlp: `http://127.0.0.1:${http}`, ports, stop };
}

function environmentOf(ports: CollectorPorts, folder: string): Record<string, string> {
  const at = (port: number) => `127.0.0.1:${port}`;
  return {
    AGENT_OTEL_OTLP_HTTP_ENDPOINT: at(ports.http),
    AGENT_OTEL_OTLP_GRPC_ENDPOINT: at(ports.grpc),
    AGENT_OTEL_TELEMETRY_PORT: String(ports.telemetry),
    AGENT_OTEL_HEALTH_ENDPOINT: at(ports.health),
    AGENT_OTEL_PROMETHEUS_ENDPOINT: at(ports.metrics),
    AGENT_OTEL_SPAN_METRICS_ENDPOINT: at(ports.spanMetrics),
    AGENT_OTEL_QUEUE_DIR: join(folder, "queue"),
    AGENT_OTEL_WAL_DIR: join(folder, "wal"),
  };
}

async function isHealthy(port: number): Promise<boolean> {
  return (await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined))?.ok === true;
}
