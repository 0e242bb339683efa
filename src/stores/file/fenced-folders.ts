import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { link, lstat, mkdir, open, readdir, rename, rm, unlink } from "node:fs/promises";
import { join } from "node:path";

/** One record as it is now: a folder of files, and how often it has changed hands. */
export interface Folder {
  readonly hash: string;
  readonly epoch: number;
  readonly path: string;
}

const HASH = /^[0-9a-f]{64}$/;
const EPOCH = /^[1-9]\d{0,14}$/;
/** What was begun and not finished, and what is on its way out. */
const WORKING = ".working";
/** Where folders go that cannot be read. */
export const DAMAGED = ".damaged";
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0);
const WRITE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/**
 * Records as folders that several processes may take from each other, with nothing but a file system in between.
 *
 * A record is `ROOT/HASH/EPOCH/`. Who takes it renames the inner folder to the next number, which only one can do; who held it before
 * writes to a path that is no longer there, and so finds out. A new record is made elsewhere and renamed into place whole. Whatever was
 * written has reached the disk when the promise resolves. Links are not followed.
 */
export class FencedFolders {
  readonly root: string;

  /** @param root Absolute; made when first written to, for this user alone. */
  constructor(root: string) {
    this.root = root;
  }

  /** Hashes of all records, sorted. */
  async list(): Promise<readonly string[]> {
    return (await names(this.root)).filter((name) => HASH.test(name)).sort();
  }

  /** `undefined`: there is no such record. */
  async find(hash: string): Promise<Folder | undefined> {
    const outer = join(this.root, hash);
    if (!(await isFolder(outer))) return undefined;
    const found = (await names(outer)).filter((name) => EPOCH.test(name)).map(Number);
    if (found.length === 0) return undefined;
    const epoch = Math.max(...found);
    const path = join(outer, String(epoch));
    return (await isFolder(path)) ? { hash, epoch, path } : undefined;
  }

  /** @returns `undefined`: there is one already. */
  async create(hash: string, files: Readonly<Record<string, string>>): Promise<Folder | undefined> {
    const outer = await this.#newWorkFolder();
    const inner = join(outer, "1");
    await mkdir(inner, { mode: 0o700 });
    for (const [name, text] of Object.entries(files)) await writeNew(join(inner, name), text);
    await syncFolder(inner);
    await syncFolder(outer);
    // A folder that is not empty cannot be replaced, and a record never is.
    const isOurs = await renamed(outer, join(this.root, hash));
    if (!isOurs) await rm(outer, { recursive: true, force: true });
    else await syncFolder(this.root);
    return isOurs ? { hash, epoch: 1, path: join(this.root, hash, "1") } : undefined;
  }

  /** The folder under its next number; `undefined`: another one was quicker, or it is gone. */
  async take({ hash, epoch, path }: Folder): Promise<Folder | undefined> {
    const next = join(this.root, hash, String(epoch + 1));
    if (!(await renamed(path, next))) return undefined;
    await syncFolder(join(this.root, hash));
    return { hash, epoch: epoch + 1, path: next };
  }

  /** Replaces a file, all of it or nothing. @returns Whether the folder still was where the caller knew it. */
  async write({ path }: Folder, name: string, text: string): Promise<boolean> {
    const temporary = join(path, `.${randomUUID()}`);
    try {
      await writeNew(temporary, text);
      await rename(temporary, join(path, name));
      await syncFolder(path);
      return true;
    } catch (error) {
      if (isAbsent(error)) return false;
      await unlink(temporary).catch(() => {});
      throw error;
    }
  }

  /** As `write`, for a file that must not be there yet. */
  async add({ path }: Folder, name: string, text: string): Promise<"added" | "there" | "gone"> {
    const temporary = join(path, `.${randomUUID()}`);
    try {
      await writeNew(temporary, text);
      await link(temporary, join(path, name));
      await unlink(temporary);
      await syncFolder(path);
      return "added";
    } catch (error) {
      if (isAbsent(error)) return "gone";
      await unlink(temporary).catch(() => {});
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return "there";
      throw error;
    }
  }

  /** Names of the files, sorted; `undefined`: the folder is no longer there. */
  async files({ path }: Folder): Promise<readonly string[] | undefined> {
    try {
      return (await readdir(path)).filter((name) => !name.startsWith(".")).sort();
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  /**
   * @param maxBytes A larger file is not read.
   * @returns `undefined`: it is not there, or the folder no longer is.
   * @throws RangeError on a larger one; the error of the file system.
   */
  async text({ path }: Folder, name: string, maxBytes: number): Promise<string | undefined> {
    try {
      const file = await open(join(path, name), READ);
      try {
        const { size } = await file.stat();
        if (size > maxBytes) throw new RangeError(`has ${size} bytes, and ${maxBytes} are allowed`);
        return await file.readFile("utf8");
      } finally {
        await file.close();
      }
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  /** @returns Whether the folder still was where the caller knew it. */
  async remove(folder: Folder): Promise<boolean> {
    const taken = await this.take(folder);
    if (taken === undefined) return false;
    const out = join(await this.#newWorkFolder(), "out");
    if (!(await renamed(join(this.root, folder.hash), out))) return false;
    await syncFolder(this.root);
    await rm(join(out, ".."), { recursive: true, force: true });
    return true;
  }

  /** Puts a record that cannot be read where it is in nobody's way. @returns Where it is now, or `undefined` where another one did so. */
  async setAside({ hash }: Folder): Promise<string | undefined> {
    await mkdir(join(this.root, DAMAGED), { recursive: true, mode: 0o700 });
    const to = join(this.root, DAMAGED, `${hash}-${randomUUID().slice(0, 8)}`);
    if (!(await renamed(join(this.root, hash), to))) return undefined;
    await syncFolder(this.root);
    return to;
  }

  async #newWorkFolder(): Promise<string> {
    const path = join(this.root, WORKING, randomUUID());
    await mkdir(path, { recursive: true, mode: 0o700 });
    return path;
  }
}

async function names(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

async function writeNew(path: string, text: string): Promise<void> {
  const file = await open(path, WRITE, 0o600);
  try {
    await file.writeFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Whether it was there, and its new place was free. */
async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (isAbsent(error) || ["ENOTEMPTY", "EEXIST"].includes(code)) return false;
    throw error;
  }
}

/** A name in a folder outlives a power cut only once the folder is written. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch {
    // Windows opens no folders, some file systems sync none, and this one may be another's by now.
  }
}

function isAbsent(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
}

/** A link to one is none. */
async function isFolder(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory();
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}
