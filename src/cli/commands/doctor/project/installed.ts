import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

/** A package in some node_modules. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** Its real folder. */
  readonly folder: string;
}

/** A tree is never as deep; a loop of links would be. */
const MOST_FOLDERS = 20_000;

/** The package that a program in `folder` gets by this name; `undefined` where there is none. */
export function findInstalled(folder: string, name: string): InstalledPackage | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const installed = packageIn(join(at, "node_modules", name), name);
    if (installed !== undefined || dirname(at) === at) return installed;
  }
}

/** All copies of packages in the node_modules that a program in `folder` sees, and below. Each once, however it is linked. */
export function installedCopies(folder: string, names: readonly string[]): readonly InstalledPackage[] {
  const copies = new Map<string, InstalledPackage>();
  const waiting = modulesAbove(folder);
  const seen = new Set<string>();
  for (let modules = waiting.shift(); modules !== undefined; modules = waiting.shift()) {
    const real = realPath(modules);
    if (real === undefined || seen.has(real) || seen.size >= MOST_FOLDERS) continue;
    seen.add(real);
    for (const name of names) {
      const installed = packageIn(join(real, name), name);
      if (installed !== undefined) copies.set(installed.folder, installed);
    }
    waiting.push(...modulesBelow(real));
  }
  return [...copies.values()];
}

function modulesAbove(folder: string): string[] {
  const found: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    found.push(join(at, "node_modules"));
    if (dirname(at) === at) return found;
  }
}

/** Of all packages in one node_modules; those of pnpm stand in `.pnpm/NAME@VERSION`. */
function modulesBelow(modules: string): string[] {
  return list(modules).flatMap((name) => {
    if (name === ".pnpm" || name.startsWith("@"))
      return list(join(modules, name)).map((inner) => join(modules, name, inner, "node_modules"));
    return name.startsWith(".") ? [] : [join(modules, name, "node_modules")];
  });
}

function packageIn(folder: string, name: string): InstalledPackage | undefined {
  try {
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      version?: unknown;
    };
    return { name, version: String(version), folder: realpathSync(folder) };
  } catch {
    return undefined;
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
