import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "../tools/free-port.ts";

export interface Server {
  readonly url: string;
  close(): Promise<void>;
}

/** Blocks of any age are kept, and nothing is scraped. */
const KEEP = "--storage.tsdb.retention.time=100y";
const READY_MS = 30_000;

/** @param data A folder with blocks, which the server may change. */
export async function startPrometheus(program: string, data: string): Promise<Server> {
  const address = `127.0.0.1:${await freePort()}`;
  const config = mkdtempSync(join(tmpdir(), "agent-otel-prometheus-"));
  writeFileSync(join(config, "prometheus.yaml"), "global: {}\n");
  const args = [`--config.file=${join(config, "prometheus.yaml")}`, `--storage.tsdb.path=${data}`, KEEP];
  const server = spawn(program, [...args, `--web.listen-address=${address}`, "--log.level=error"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  server.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const close = async () => {
    await ended(server);
    rmSync(config, { recursive: true, force: true });
  };
  const url = `http://${address}`;
  for (const deadline = Date.now() + READY_MS; !(await answers(`${url}/-/ready`)); await wait(50)) {
    if (server.exitCode !== null || Date.now() > deadline) {
      await close();
      throw new Error(`Prometheus did not start on the recorded run: ${said}`);
    }
  }
  return { url, close };
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url).catch(() => undefined);
  await response?.body?.cancel();
  return response?.ok === true;
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  await gone;
}
