import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { HostReport } from "../programs/host-report.ts";

/** Far beyond every bound: a program that is still there is held by something, and is killed. */
const GIVEN_UP_MS = 30_000;
const NOBODY = 65_534;

export interface HostRun {
  /** Arguments of the program host.ts. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Without the rights of root, which no read-only directory stops. */
  readonly asNobody?: boolean;
  /** Nobody reads what the program writes to stderr: a write to it fails. */
  readonly closeStderr?: boolean;
}

export interface HostEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Lines. */
  readonly stderr: readonly string[];
  /** `undefined` where the program was killed. */
  readonly report: HostReport | undefined;
}

/**
 * Runs the program to its end, in an environment without any variable of telemetry but `env`.
 *
 * @param worked Called when its calls are made: all that is left to do for it is to end.
 */
export async function runHost(run: HostRun, worked: () => void): Promise<HostEnd> {
  const path = fileURLToPath(new URL("../programs/host.ts", import.meta.url));
  const child = spawn(process.execPath, ["--unhandled-rejections=strict", path, ...run.args], {
    env: { ...cleanEnvironment(), AGENT_OTEL_LOG: "none", ...run.env },
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    ...(run.asNobody && { uid: NOBODY, gid: NOBODY }),
  });
  const giveUp = setTimeout(() => child.kill("SIGKILL"), GIVEN_UP_MS);
  try {
    return await ended(child, run.closeStderr === true, worked);
  } finally {
    clearTimeout(giveUp);
    worked();
  }
}

async function ended(child: ChildProcess, closeStderr: boolean, worked: () => void): Promise<HostEnd> {
  const [stderr, reports] = [child.stdio[2] as Readable, child.stdio[3] as Readable];
  if (closeStderr) stderr.destroy();
  const [[code, signal], written, report] = await Promise.all([
    once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>,
    closeStderr ? "" : text(stderr),
    reportFrom(reports, worked),
  ]);
  return { code, signal, stderr: written.split("\n").filter((line) => line !== ""), report };
}

async function reportFrom(lines: Readable, worked: () => void): Promise<HostReport | undefined> {
  let report: HostReport | undefined;
  // To the end: a stream that nobody reads any more does not close.
  for await (const line of createInterface({ input: lines })) {
    if (line === "worked") worked();
    else report = JSON.parse(line) as HostReport;
  }
  return report;
}

function cleanEnvironment(): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(OTEL_|AGENT_OTEL_|NODE_|VITEST)/.test(name),
  );
  return Object.fromEntries(kept);
}
