import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../../contract/source-files.ts";

const run = promisify(execFile);

/** Runs a program as a user starts it, `node --import agent-otel/register`, and gives what it printed. */
export async function runProgram(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const file = join(root, "test/stack/programs", name);
  return run(process.execPath, ["--import", "agent-otel/register", file, ...args], {
    cwd: root,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], AGENT_OTEL_LOG: "none", ...env },
    maxBuffer: 1 << 26,
  });
}
