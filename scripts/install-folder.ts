// Packages that one tool or test alone needs have a folder of their own, with its own lock file: a user of the repository installs them only
// when that is run. Each install is kept in the user's cache, so that another checkout takes it from there.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { CACHE } from "./stack-parts/paths.ts";

type Packages = Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>;

/** Installs what the lock file of `folder` names, without install scripts, when it is missing. @throws Error with what npm said. */
export function installFolder(folder: string, say: (line: string) => void): void {
  if (isInstalled(folder, folder)) return;
  const kept = keptPlace(folder);
  if (!isInstalled(kept, folder)) {
    say(`Installing the packages of ${folder}, without their install scripts.`);
    install(kept, folder);
  }
  const modules = join(folder, "node_modules");
  rmSync(modules, { recursive: true, force: true });
  copyTree(join(kept, "node_modules"), modules);
}

function install(place: string, folder: string): void {
  // Another process may do the same: whoever is first has made it.
  const made = `${place}.${process.pid}`;
  mkdirSync(made, { recursive: true });
  for (const name of ["package.json", "package-lock.json"])
    copyFileSync(join(folder, name), join(made, name));
  try {
    execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: made,
      stdio: ["ignore", "ignore", "pipe"],
    });
    rmSync(place, { recursive: true, force: true });
    renameSync(made, place);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    const { stderr } = error as { stderr?: Buffer };
    const said = /npm error (.*)/.exec(stderr?.toString() ?? "")?.[1];
    throw new Error(`the packages of ${folder} could not be installed: ${said ?? (error as Error).message}`);
  }
}

/** As links to the same files, which takes a second and no space; as copies where the cache is on another file system. */
function copyTree(from: string, to: string): void {
  try {
    execFileSync("cp", ["-al", from, to], { stdio: "ignore" });
  } catch {
    rmSync(to, { recursive: true, force: true });
    execFileSync("cp", ["-a", from, to], { stdio: "inherit" });
  }
}

function keptPlace(folder: string): string {
  const key = createHash("sha256")
    .update(readFileSync(join(folder, "package-lock.json")))
    .digest("hex");
  return join(CACHE, "packages", `${basename(folder)}-${key.slice(0, 16)}`);
}

/** npm writes this file when an install is complete; one that was broken off, or an older one, does not match. */
function isInstalled(place: string, folder: string): boolean {
  const written = join(place, "node_modules/.package-lock.json");
  if (!existsSync(written)) return false;
  const has = packagesOf(written);
  return Object.entries(packagesOf(join(folder, "package-lock.json"))).every(
    ([path, { version, optional }]) => path === "" || optional === true || has[path]?.version === version,
  );
}

function packagesOf(lockFile: string): Packages {
  return (JSON.parse(readFileSync(lockFile, "utf8")) as { packages?: Packages }).packages ?? {};
}
