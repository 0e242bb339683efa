import { execFileSync } from "node:child_process";
import { lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What an install brings to a user's disk. */
export interface InstallSize {
  /** Folders with a package.json right below a node_modules: copies count each. */
  readonly packages: number;
  readonly bytes: number;
}

/**
 * Installs packages as a user does, into a fresh folder, without their install scripts.
 *
 * @param specs What is given to `npm install`: names with versions, or a tarball.
 * @returns The size, or what npm said where it could not.
 */
export function installSize(specs: readonly string[]): InstallSize | string {
  const folder = mkdtempSync(join(tmpdir(), "agent-otel-install-"));
  try {
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "user", private: true }));
    const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...specs];
    execFileSync("npm", args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"], timeout: 240_000 });
    const modules = join(folder, "node_modules");
    return { packages: packagesIn(modules), bytes: bytesIn(modules) };
  } catch (error) {
    const { stderr } = error as { stderr?: Buffer };
    return /npm error (?:code )?(\S.*)/.exec(stderr?.toString() ?? "")?.[1] ?? (error as Error).message;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param modules A folder of that name. */
function packagesIn(modules: string): number {
  return foldersIn(modules)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) =>
      name.startsWith("@")
        ? foldersIn(join(modules, name)).map((inner) => join(modules, name, inner))
        : [join(modules, name)],
    )
    .reduce((sum, path) => sum + 1 + packagesIn(join(path, "node_modules")), 0);
}

function foldersIn(path: string): readonly string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

function bytesIn(path: string): number {
  return readdirSync(path, { recursive: true, encoding: "utf8" }).reduce((sum, name) => {
    const stat = lstatSync(join(path, name));
    return stat.isFile() ? sum + stat.size : sum;
  }, 0);
}
