import { spawn } from "node:child_process";
import type { Outcome } from "./tools.ts";

/** Runs a program to its end, whatever the end. @throws Error where it cannot be started. */
export async function runProgram(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding("utf8").on("data", (chunk: string) => {
      said += chunk;
    });
  }
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", (cause) => reject(new Error(`${file} cannot be run: ${cause.message}`)));
    child.once("close", (exit) => resolve(exit ?? 1));
  });
  return { code, said };
}
