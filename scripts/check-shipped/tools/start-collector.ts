import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { answers } from "../../stack-parts/health.ts";
import { freePort } from "./free-port.ts";

const HEALTHY_MS = 20_000;

/** Runs a shipped configuration on ports of its own until it is healthy. @returns What it said when it was not. */
export async function startCollector(program: string, config: string): Promise<string | undefined> {
  const queue = mkdtempSync(join(tmpdir(), "agent-otel-collector-"));
  const health = await loopback();
  const child = spawn(program, ["--config", config], {
    env: { ...process.env, ...(await places(queue)), AGENT_OTEL_HEALTH_ENDPOINT: health },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding("utf8").on("data", (chunk: string) => {
      said = (said + chunk).slice(-4_000);
    });
  }
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  try {
    const signal = AbortSignal.timeout(HEALTHY_MS);
    while (!(await answers(`http://${health}/`, signal))) {
      if (child.exitCode !== null || signal.aborted) return said.trim() || "it said nothing";
      await wait(50);
    }
    return undefined;
  } finally {
    child.kill("SIGTERM");
    await ended;
    rmSync(queue, { recursive: true, force: true });
  }
}

const loopback = async () => `127.0.0.1:${await freePort()}`;

/** Every address and folder that the configurations read from the environment. */
async function places(queue: string): Promise<Readonly<Record<string, string>>> {
  return {
    AGENT_OTEL_OTLP_GRPC_ENDPOINT: await loopback(),
    AGENT_OTEL_OTLP_HTTP_ENDPOINT: await loopback(),
    AGENT_OTEL_PROMETHEUS_ENDPOINT: await loopback(),
    AGENT_OTEL_SPAN_METRICS_ENDPOINT: await loopback(),
    AGENT_OTEL_TELEMETRY_PORT: String(await freePort()),
    AGENT_OTEL_QUEUE_DIR: join(queue, "queue"),
    AGENT_OTEL_QUEUE_FSYNC: "false",
  };
}
