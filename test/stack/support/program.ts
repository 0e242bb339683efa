import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { root } from "../../contract/source-files.ts";

const run = promisify(execFile);

function environment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { PATH: process.env["PATH"], HOME: process.env["HOME"], AGENT_OTEL_LOG: "none", ...env };
}

/** A program that has said what it did, and stays until its standard input ends. */
export interface RunningProgram<T> {
  /** The first line that it printed, as JSON. */
  readonly truth: T;
  end(): Promise<void>;
}

/** Starts a program as a user does, with metrics sent every second, and waits for its first line. */
export async function startProgram<T>(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<RunningProgram<T>> {
  const file = join(root, "test/stack/programs", name);
  const program = spawn(process.execPath, ["--import", "agent-otel/register", file, ...args], {
    cwd: root,
    stdio: ["pipe", "pipe", "inherit"],
    env: environment({ OTEL_METRIC_EXPORT_INTERVAL: "1000", ...env }),
  });
  const ended = once(program, "close");
  const [line] = (await Promise.race([once(createInterface(program.stdout), "line"), ended])) as [unknown];
  if (typeof line !== "string") throw new Error(`${name} ended before it said what it did`);
  return {
    truth: JSON.parse(line) as T,
    async end() {
      program.stdin.end();
      await ended;
    },
  };
}

/** Runs a program as a user starts it, `node --import agent-otel/register`, and gives what it printed. */
export async function runProgram(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const file = join(root, "test/stack/programs", name);
  return run(process.execPath, ["--import", "agent-otel/register", file, ...args], {
    cwd: root,
    env: environment(env),
    maxBuffer: 1 << 26,
  });
}
