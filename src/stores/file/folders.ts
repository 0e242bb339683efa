import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { link, lstat, mkdir, open, openFlags, readdir, rename, stat } from "../../internal/late-files.ts";

/** What a file system says that cannot write folders to the disk, as Windows; all else is a failure. */
const CANNOT_SYNC = ["EINVAL", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EISDIR", "EPERM", "EACCES"];
const folderFlags = () => openFlags("O_RDONLY", "O_DIRECTORY", "O_NOFOLLOW");

export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? "";
}

/** Whether it says that there is no such file, or that its folder is none. */
export function isAbsent(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes(codeOf(error));
}

/** A link to one is none. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory();
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

/** Of what is in a folder; none where there is no such folder. */
export async function namesIn(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

/** Whether it was there, and its new place was free. A folder that has something in it is never replaced. */
export async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (isAbsent(error) || ["ENOTEMPTY", "EEXIST"].includes(codeOf(error))) return false;
    // Windows says so of a place that is taken.
    if (["EPERM", "EACCES"].includes(codeOf(error)) && (await isFolder(to))) return false;
    throw error;
  }
}

/** Of a file, a folder or a link by itself; `undefined`: there is none. */
export async function inodeOf(path: string): Promise<bigint | undefined> {
  try {
    return (await lstat(path, { bigint: true })).ino;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Gives a file a second name. @returns Whether that was free. */
export async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/**
 * Makes a folder and those above it, for this user alone, so that a power cut leaves them where they are. One at a time: Node's own way to make
 * all of them asks for ever where a file system says that there is no such folder, as /proc does, and never comes back.
 */
export async function makeFolder(path: string): Promise<void> {
  if (await isThere(path)) return;
  const above = dirname(path);
  if (above !== path) await makeFolder(above);
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have been first.
    if (codeOf(error) !== "EEXIST") throw error;
  }
  await syncFolder(above);
}

/** Also through a link: the folders above are the user's. */
async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

/** A name in a folder outlives a power cut only once the folder is written. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await OpenFolder.at(path);
  await folder?.sync();
  await folder?.close();
}

/** A folder that is kept hold of: it can be written to the disk also when it has got another name meanwhile. */
export class OpenFolder {
  readonly #handle: FileHandle | undefined;

  constructor(handle: FileHandle | undefined) {
    this.#handle = handle;
  }

  /** @returns `undefined`: there is none. */
  static async at(path: string): Promise<OpenFolder | undefined> {
    if (!(await isFolder(path))) return undefined;
    try {
      return new OpenFolder(await open(path, folderFlags()));
    } catch (error) {
      if (isAbsent(error) || codeOf(error) === "ELOOP") return undefined;
      if (CANNOT_SYNC.includes(codeOf(error))) return new OpenFolder(undefined);
      throw error;
    }
  }

  async sync(): Promise<void> {
    try {
      await this.#handle?.sync();
    } catch (error) {
      if (!CANNOT_SYNC.includes(codeOf(error))) throw error;
    }
  }

  async close(): Promise<void> {
    await this.#handle?.close();
  }
}
