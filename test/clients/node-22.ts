import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** The oldest Node that the package runs on. */
const VERSION = "22.15.0";

export interface OldNode {
  readonly version: string;
  /** Path of the program, or why there is none. */
  readonly path: string | undefined;
  readonly missing: string | undefined;
}

/**
 * Node 22.15.0, installed once with npm into the user's cache folder. Without a registry the path is missing, with the reason;
 * the tests that need it are skipped then.
 */
export function oldNode(): OldNode {
  const cache = resolve(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "agent-otel");
  const folder = join(cache, `node-${VERSION}`);
  // The package that the `node` package would install for this machine: it needs no install script.
  const platform = process.platform === "win32" ? "win" : process.platform;
  const packageName = `node-${platform}-${process.arch}`;
  const path = join(folder, "node_modules", packageName, "bin", "node");
  const missing = existsSync(path) ? undefined : install(`${packageName}@${VERSION}`, folder);
  return { version: VERSION, path: missing === undefined ? path : undefined, missing };
}

/** @returns What went wrong. */
function install(spec: string, folder: string): string | undefined {
  mkdirSync(dirname(folder), { recursive: true });
  // Put in place whole, so that another run finds either nothing or all of it.
  const draft = mkdtempSync(`${folder}-`);
  try {
    const args = ["install", "--prefix", draft, "--ignore-scripts", "--no-audit", "--no-fund", spec];
    const { status, error, stderr } = spawnSync("npm", args, { encoding: "utf8", timeout: 120_000 });
    if (status !== 0) return `npm install ${spec} failed: ${error?.message ?? stderr.trim().split("\n")[0]}`;
    if (!existsSync(folder)) renameSync(draft, folder);
    return undefined;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
