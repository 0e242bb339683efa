import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Texts by their absolute path. */
export interface ScannedFiles {
  readonly texts: ReadonlyMap<string, string>;
  /** Whether there were more than are looked at. */
  readonly truncated: boolean;
}

const MOST_FILES = 2_000;
const MOST_FOLDERS = 2_000;
const MOST_BYTES = 4 * 2 ** 20;
const MOST_BYTES_TOGETHER = 64 * 2 ** 20;
const CODE = /\.[cm]?[jt]sx?$/;
/** Where programs are started from. */
const STARTERS = /^(?:Dockerfile.*|Procfile|Makefile|.*\.(?:sh|ya?ml|toml|service))$/;
const NOT_OURS = new Set(["node_modules", "coverage", "test", "tests", "__tests__"]);

/** Reads the code of a folder and what may start it, without what is installed, hidden, or a test. Never throws. */
export function scanFiles(root: string): ScannedFiles {
  const texts = new Map<string, string>();
  const folders = [root];
  let bytes = 0;
  let looked = 0;
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    looked += 1;
    if (looked > MOST_FOLDERS) return { texts, truncated: true };
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && isOurs(entry.name)) folders.push(path);
      if (!entry.isFile() || !(CODE.test(entry.name) || STARTERS.test(entry.name))) continue;
      const text = textOf(path);
      if (text === undefined) continue;
      bytes += text.length;
      if (texts.size >= MOST_FILES || bytes > MOST_BYTES_TOGETHER) return { texts, truncated: true };
      texts.set(path, text);
    }
  }
  return { texts, truncated: false };
}

export function isCode(path: string): boolean {
  return CODE.test(path);
}

function isOurs(name: string): boolean {
  return !name.startsWith(".") && !NOT_OURS.has(name);
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function textOf(path: string): string | undefined {
  try {
    return statSync(path).size > MOST_BYTES ? undefined : readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
