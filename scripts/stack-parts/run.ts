import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { StackError } from "./part.ts";

type Environment = Readonly<Record<string, string>>;

/** Runs a program to its end. Standard error goes to `log` when there is one, standard output is returned. */
export async function capture(
  file: string,
  args: readonly string[],
  env: Environment,
  log?: string,
  cwd?: string,
): Promise<string> {
  const errors = log === undefined ? "inherit" : openSync(log, "a");
  try {
    const child = spawn(file, args, {
      env: { ...process.env, ...env },
      cwd,
      stdio: ["ignore", "pipe", errors],
    });
    let output = "";
    child.stdout!.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
    const code = await new Promise<number | string>((resolve, reject) => {
      child.once("error", (cause) => reject(new StackError(`${file} cannot be run: ${cause.message}`)));
      child.once("close", (exit, signal) => resolve(exit ?? signal ?? "unknown"));
    });
    if (code !== 0) throw new StackError(`${file} ${args[0] ?? ""} ended with ${code}`);
    return output;
  } finally {
    if (typeof errors === "number") closeSync(errors);
  }
}

/** The end of a log, to show when something went wrong. */
export function lastLines(log: string, count: number): string {
  try {
    return readFileSync(log, "utf8").trimEnd().split("\n").slice(-count).join("\n");
  } catch {
    return "(no log)";
  }
}
