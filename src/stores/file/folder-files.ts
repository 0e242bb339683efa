import { dirname, join } from "node:path";
import { randomUUID } from "../../internal/late-builtins.ts";
import { readdir, rename, unlink } from "../../internal/late-files.ts";
import { inodeOf, isAbsent, isFolder, linked, OpenFolder } from "./folders.ts";
import { readPlainFile, writePlainFile } from "./plain-file.ts";

/** One record as it is now: a folder of files, and how often it has changed hands. */
export interface Folder {
  readonly hash: string;
  /** 0: what stands in the record's place is none. It can only be set aside. */
  readonly epoch: number;
  readonly path: string;
  /** Which folder it is, to tell it from one that is made in its place. */
  readonly inode?: bigint;
}

/** A file before it has its name. */
export const TEMPORARY = /^\.[0-9a-f-]{36}$/;

/** Replaces a file, all of it or nothing. @returns Whether the folder still was where the caller knew it. */
export async function replaceFile(folder: Folder, name: string, text: string): Promise<boolean> {
  const put = async (temporary: string, path: string) => {
    await rename(temporary, path);
    return true;
  };
  return (await putFile(folder, name, text, put)) ?? false;
}

/** As `replaceFile`, for a file that must not be there yet. */
export async function addFile(
  folder: Folder,
  name: string,
  text: string,
): Promise<"added" | "there" | "gone"> {
  const put = async (temporary: string, path: string) => {
    const isNew = await linked(temporary, path);
    // The folder may have another name by now, and then this one is left over in it.
    await unlink(temporary).catch(() => {});
    return isNew ? "added" : "there";
  };
  return (await putFile<"added" | "there">(folder, name, text, put)) ?? "gone";
}

/** @param put Gives the finished file its name. @returns `undefined`: the folder is gone, and nothing was written. */
async function putFile<T>(
  { path }: Folder,
  name: string,
  text: string,
  put: (temporary: string, path: string) => Promise<T>,
): Promise<T | undefined> {
  if (!(await isFolder(dirname(path)))) return undefined;
  // Held first: what gets its name just before another one takes the folder must reach the disk all the same.
  const folder = await OpenFolder.at(path);
  if (folder === undefined) return undefined;
  const temporary = join(path, `.${randomUUID()}`);
  try {
    await writePlainFile(temporary, text);
    const result = await put(temporary, join(path, name));
    await folder.sync();
    return result;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    await unlink(temporary).catch(() => {});
    throw error;
  } finally {
    await folder.close();
  }
}

/** Names of the files, sorted; `undefined`: the folder is no longer there. */
export async function filesIn(folder: Folder): Promise<readonly string[] | undefined> {
  if (!(await isThere(folder))) return undefined;
  try {
    return (await readdir(folder.path)).filter((name) => !name.startsWith(".")).sort();
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Whether it has something of that name. */
export async function hasFile(folder: Folder, name: string): Promise<boolean> {
  return (await isThere(folder)) && (await inodeOf(join(folder.path, name))) !== undefined;
}

/**
 * @param maxBytes A larger file is not read.
 * @returns `undefined`: it is not there, or the folder no longer is.
 * @throws RangeError on a larger one; TypeError where it is a link, a folder or anything else but a file; the error of the file system.
 */
export async function fileText(folder: Folder, name: string, maxBytes: number): Promise<string | undefined> {
  return (await isThere(folder)) ? readPlainFile(join(folder.path, name), maxBytes) : undefined;
}

/** Whether the record still has this owner. Through a link it would be another's. */
export async function isThere({ path }: Folder): Promise<boolean> {
  return (await isFolder(dirname(path))) && (await isFolder(path));
}
