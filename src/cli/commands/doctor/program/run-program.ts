import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CliError } from "../../../cli-error.ts";
import { CLIENT_PACKAGES } from "../clients/known-clients.ts";
import { ownFile } from "../own-package.ts";
import { PROBE_VARIABLE, type ProbeSettings, type Sighting } from "./sighting.ts";

const GRACE_MS = 2_000;
const MOST_BYTES = 8 * 2 ** 20;

/** How a program went. */
export interface ProgramRun {
  readonly sightings: readonly Sighting[];
  /** `undefined`: it was ended when its time was over. */
  readonly exitCode: number | undefined;
}

export interface ProgramOptions {
  /** The program with its arguments. */
  readonly command: readonly string[];
  readonly seconds: number;
  /** Whether its output goes to stderr, where stdout is for JSON. */
  readonly outputAside: boolean;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Runs a program for a bounded time, with a probe loaded into it. Its output passes through; it gets no input.
 *
 * @throws CliError where it cannot be run.
 */
export async function runProgram({
  command,
  seconds,
  outputAside,
  env,
}: ProgramOptions): Promise<ProgramRun> {
  const { PRELOAD_FILE } = await import("./preload.ts");
  const folder = mkdtempSync(join(tmpdir(), "agent-otel-doctor-"));
  try {
    const file = join(folder, "seen");
    const settings: ProbeSettings = { file, clients: CLIENT_PACKAGES, register: ownFile("register").href };
    const [name = "", ...args] = command;
    const child = spawn(name, args, {
      env: {
        ...env,
        NODE_OPTIONS: `--require ${JSON.stringify(PRELOAD_FILE)} ${env["NODE_OPTIONS"] ?? ""}`.trim(),
        [PROBE_VARIABLE]: JSON.stringify(settings),
      },
      stdio: ["ignore", outputAside ? 2 : 1, 2],
      // A group of its own: whatever npm or a shell has started ends with it.
      detached: true,
    });
    const exitCode = await ended(child, name, seconds * 1_000);
    return { sightings: sightingsIn(file), exitCode };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ended(child: ChildProcess, name: string, timeoutMs: number): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  let over = false;
  const end = (): void => {
    over = true;
    signal(child, "SIGTERM");
    setTimeout(() => signal(child, "SIGKILL"), GRACE_MS).unref();
  };
  const timer = setTimeout(end, timeoutMs);
  const interrupts = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const each of interrupts) process.once(each, end);
  child.once("error", (error) =>
    reject(new CliError(`cannot run ${name}: ${error.message}`, { cause: error })),
  );
  child.once("exit", (code) => {
    // What it has left behind.
    signal(child, "SIGKILL");
    resolve(over ? undefined : (code ?? undefined));
  });
  return promise.finally(() => {
    clearTimeout(timer);
    for (const each of interrupts) process.removeListener(each, end);
  });
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // It is gone; or there are no groups here.
    if (child.exitCode === null) child.kill(name);
  }
}

function sightingsIn(file: string): readonly Sighting[] {
  return textOf(file)
    .slice(0, MOST_BYTES)
    .split("\n")
    .flatMap((line) => {
      try {
        return line === "" ? [] : [JSON.parse(line) as Sighting];
      } catch {
        // It was ended in the middle of a line.
        return [];
      }
    });
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
