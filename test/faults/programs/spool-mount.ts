// File systems of their own for tests that fill or break them. Only root may mount; everything is undone in the end.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs a command. @throws with what it said where it fails */
export function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** Why nothing can be mounted here, or `undefined` where it can. */
export function whyNoMount(): string | undefined {
  if (process.geteuid?.() !== 0) return "it needs root to mount a file system";
  try {
    withTmpfs("1m", () => {});
    return undefined;
  } catch (error) {
    return `mount fails here: ${String(error).split("\n")[0]}`;
  }
}

/** Gives `use` an empty file system of that size, and takes it away again. */
export function withTmpfs<T>(size: string, use: (path: string) => T): T {
  const path = mkdtempSync(join(tmpdir(), "agent-otel-mount-"));
  const end = () => {
    run("umount", "-l", path);
    rmSync(path, { recursive: true });
  };
  try {
    run("mount", "-t", "tmpfs", "-o", `size=${size},mode=0700`, "none", path);
  } catch (error) {
    rmSync(path, { recursive: true });
    throw error;
  }
  let result: T;
  try {
    result = use(path);
  } catch (error) {
    end();
    throw error;
  }
  if (!(result instanceof Promise)) {
    end();
    return result;
  }
  return result.finally(end) as T;
}
