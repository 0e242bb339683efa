// Starts processes that ask one rate limit at the same moment, and adds up what they say.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { RateLimitOptions } from "../../../src/resilience/rate-limit.ts";

const PROGRAM = fileURLToPath(new URL("rate-limit-process.ts", import.meta.url));

export interface Load {
  readonly database: string;
  readonly options: Partial<RateLimitOptions>;
  readonly processes: number;
  /** By each, at once. */
  readonly calls: number;
  /** To do so again and again. @default 0, once */
  readonly forMs?: number;
  readonly kind?: "limit" | "naive";
}

export interface Passed {
  readonly passed: number;
  /** From before the first one began until after the last one ended. */
  readonly tookMs: number;
}

/** @returns What all of them together were let through. */
export async function ask({
  database,
  options,
  processes,
  calls,
  forMs = 0,
  kind = "limit",
}: Load): Promise<Passed> {
  const args = [PROGRAM, database, JSON.stringify(options), String(calls), String(forMs), kind];
  const children = Array.from({ length: processes }, () =>
    spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] }),
  );
  try {
    const lines = children.map((child) => createInterface(child.stdout)[Symbol.asyncIterator]());
    for (const line of lines)
      if ((await line.next()).value !== "ready") throw new Error("a process did not start");
    const startMs = performance.now();
    for (const child of children) child.stdin.write("go\n");
    const said = await Promise.all(lines.map(async (line) => Number((await line.next()).value)));
    const tookMs = performance.now() - startMs;
    return { passed: said.reduce((sum, passed) => sum + passed, 0), tookMs };
  } finally {
    await Promise.all(children.map(ended));
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}
