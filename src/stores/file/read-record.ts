import { join } from "node:path";
import type { FencedFolders } from "./fenced-folders.ts";
import { type Folder, fileText } from "./folder-files.ts";
import { MAX_FILE_BYTES } from "./sealed-text.ts";

/** How often a record is looked for that changes hands while it is read, and how often a file of it must be missing. */
const LOOKS = 100;
const MISSES = 3;
/** Records that are read at once. */
const AT_ONCE = 16;

/** Sets a record aside that cannot be read, and says so. @param name Of the file; left out where it is the record. */
export type SetAside = (folder: Folder, error: Error, name?: string) => Promise<never>;

/**
 * Reads a record as it is under one of its owners: looks again where it was taken meanwhile. A file that is missing each time from the same
 * folder is lost.
 *
 * @param read `undefined`: a file is missing, or another one has taken the folder.
 * @returns `undefined`: there is no such record.
 * @throws what `setAside` and `read` throw; Error where it changes hands all the time.
 */
export async function readRecord<T>(
  folders: FencedFolders,
  hash: string,
  read: (folder: Folder) => Promise<T | undefined>,
  setAside: SetAside,
): Promise<T | undefined> {
  let [last, misses] = ["", 0];
  for (let look = 0; look < LOOKS; look++) {
    const folder = await folders.find(hash);
    if (folder === undefined) return undefined;
    const found = folder.epoch === 0 ? undefined : await read(folder);
    if (found !== undefined) return found;
    misses = folder.path === last ? misses + 1 : 1;
    last = folder.path;
    if (misses >= MISSES) await setAside(folder, new TypeError("a file of it is missing"));
  }
  throw new Error(`the record in ${join(folders.root, hash)} changes hands faster than it can be read`);
}

/**
 * Reads one file of a record.
 *
 * @param parse TypeError, RangeError and SyntaxError mean that the file is damaged.
 * @returns `undefined`: it is not there.
 */
export async function readRecordFile<T>(
  folder: Folder,
  name: string,
  parse: (path: string, text: string) => T,
  setAside: SetAside,
): Promise<T | undefined> {
  try {
    const text = await fileText(folder, name, MAX_FILE_BYTES);
    return text === undefined ? undefined : parse(join(folder.path, name), text);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return setAside(folder, error, name);
  }
}

/** Reads all records, some at a time. @param read `undefined`: left out. */
export async function readAllRecords<T>(
  folders: FencedFolders,
  read: (hash: string) => Promise<T | undefined>,
): Promise<readonly T[]> {
  const hashes = await folders.list();
  const all: T[] = [];
  for (let first = 0; first < hashes.length; first += AT_ONCE) {
    const some = await Promise.all(hashes.slice(first, first + AT_ONCE).map(read));
    all.push(...some.filter((found) => found !== undefined));
  }
  return all;
}

function isDamage(error: unknown): error is Error {
  return error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;
}
