import { lstatSync, mkdirSync, realpathSync, type Stats } from "node:fs";
import { dirname, resolve } from "node:path";
import { SpoolUnusableError } from "./spool-unusable-error.ts";
import { codeOf } from "./system-error.ts";

const WRITABLE_BY_OTHERS = 0o022;
/** Of the path itself: somebody meant another one. */
const MISTAKES: ReadonlySet<string | undefined> = new Set([
  "ENOTDIR",
  "EEXIST",
  "ELOOP",
  "ENAMETOOLONG",
  "EINVAL",
]);

/**
 * The user's directory, made with 0700 where there is none. It must be ours alone to write: not a symbolic link, not another
 * user's, not writable by group or others. That others may list it is left as it is, since all that is put into it is private
 * by itself, and the directory may be there for other uses too.
 *
 * @returns its real path, so that a later `process.chdir` moves nothing.
 * @throws TypeError on a mistake, SpoolUnusableError where it only cannot be used now. Nothing was written then.
 */
export function openPrivateDirectory(given: string): string {
  const path = resolve(given);
  try {
    makePrivateDirectory(path);
    const wrong = whatIsWrong(lstatSync(path));
    if (wrong !== undefined) throw mistake(given, wrong);
    return realpathSync(path);
  } catch (error) {
    if (error instanceof TypeError) throw error;
    if (MISTAKES.has(codeOf(error)))
      throw mistake(given, `must be a directory: ${nearest(path)} is not`, error);
    throw new SpoolUnusableError(given, error);
  }
}

/**
 * Makes it with 0700, and its parents too, where it is not there. Node's own way with `recursive` never returns where a file
 * system says ENOENT to making a directory, as /proc does.
 *
 * @throws the file system's error.
 */
export function makePrivateDirectory(path: string): void {
  if (statOf(path) !== undefined) return;
  if (dirname(path) !== path) makePrivateDirectory(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have been first.
    if (codeOf(error) !== "EEXIST") throw error;
  }
}

/** Whether a directory inside can be trusted like the one that it is in. */
export function isPrivate(path: string): boolean {
  try {
    return whatIsWrong(lstatSync(path)) === undefined;
  } catch {
    return false;
  }
}

export function isOurs({ uid }: Stats): boolean {
  const us = process.geteuid?.();
  return us === undefined || uid === us;
}

function whatIsWrong(stat: Stats): string | undefined {
  if (stat.isSymbolicLink()) return "must not be a symbolic link";
  if (!stat.isDirectory()) return "must be a directory, and there is a file";
  if (!isOurs(stat))
    return `must belong to the user of this process (${process.geteuid?.()}), not to ${stat.uid}`;
  if ((stat.mode & WRITABLE_BY_OTHERS) !== 0) {
    const mode = (stat.mode & 0o777).toString(8);
    return `must not be writable by group or others (mode ${mode}); name a new directory inside, which is made private`;
  }
  return undefined;
}

function mistake(given: string, wrong: string, cause?: unknown): TypeError {
  return new TypeError(`durableSpanExporter: directory ${wrong}, got ${JSON.stringify(given)}`, { cause });
}

function statOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/** What of the path is there already, and in the way. */
function nearest(path: string): string {
  for (let at = path; at !== dirname(at); at = dirname(at)) {
    try {
      if (statOf(at) !== undefined) return at;
    } catch {
      // Below a file nothing can be looked at.
    }
  }
  return path;
}
