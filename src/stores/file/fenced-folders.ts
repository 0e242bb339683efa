import { join } from "node:path";
import { StoreUnusableError } from "../../errors/store-unusable-error.ts";
import { randomUUID } from "../../internal/late-builtins.ts";
import { mkdir, readdir, rm } from "../../internal/late-files.ts";
import { reportFailure } from "../../internal/warn-once.ts";
import { type Folder, isThere, TEMPORARY } from "./folder-files.ts";
import { codeOf, inodeOf, isAbsent, isFolder, makeFolder, namesIn, renamed, syncFolder } from "./folders.ts";
import { removeLeftOver } from "./left-over.ts";
import { writePlainFile } from "./plain-file.ts";

const HASH = /^[0-9a-f]{64}$/;
const EPOCH = /^[1-9]\d{0,14}$/;
/** What was begun and not finished, and what is on its way out. */
const WORKING = ".working";
/** Where folders go that cannot be read. */
export const DAMAGED = ".damaged";
/** A folder that is renamed may be seen under neither of its names. */
const LOOKS = 10;

/**
 * Records as folders that several processes may take from each other, with nothing but a file system in between.
 *
 * A record is `ROOT/HASH/EPOCH/`. Who takes it renames the inner folder to the next number, which only one can do; who held it before
 * writes to a path that is no longer there, and so finds out. A new record is made elsewhere and renamed into place whole. Whatever was
 * written has reached the disk when the promise resolves. Links are not followed. Between programs of one user that is a fence; it is
 * none against one of that user that means harm.
 */
export class FencedFolders {
  readonly root: string;
  #ready: Promise<void> | undefined;
  #cleaned: Promise<void> | undefined;

  /** @param root Absolute; made when first written to, for this user alone. */
  constructor(root: string) {
    this.root = root;
  }

  /** Hashes of all records, sorted. */
  async list(): Promise<readonly string[]> {
    return (await namesIn(this.root)).filter((name) => HASH.test(name)).sort();
  }

  /** A record as its holder knows it; whether it still is so shows when it is written to. */
  at(hash: string, epoch: number): Folder {
    return { hash, epoch, path: join(this.root, hash, String(epoch)) };
  }

  /** `undefined`: there is no such record. */
  async find(hash: string): Promise<Folder | undefined> {
    const outer = join(this.root, hash);
    for (let look = 1; ; look += 1) {
      const inode = await inodeOf(outer);
      if (inode === undefined) return undefined;
      const epoch = (await isFolder(outer)) ? await newestIn(outer) : 0;
      if (epoch > 0 || look === LOOKS) return { ...this.at(hash, epoch), inode };
    }
  }

  /** @returns `undefined`: there is one already. */
  async create(hash: string, files: Readonly<Record<string, string>>): Promise<Folder | undefined> {
    const outer = await this.#newWorkFolder();
    try {
      await fill(join(outer, "1"), files);
      await syncFolder(outer);
      // A folder that is not empty cannot be replaced, and a record never is.
      if (!(await renamed(outer, join(this.root, hash)))) return undefined;
      await syncFolder(this.root);
      return this.at(hash, 1);
    } finally {
      // Under its new name it is not there any more.
      await rm(outer, { recursive: true, force: true });
    }
  }

  /** The folder under its next number; `undefined`: another one was quicker, or it is gone. */
  async take(folder: Folder): Promise<Folder | undefined> {
    const next = this.at(folder.hash, folder.epoch + 1);
    if (!(await isThere(folder)) || !(await renamed(folder.path, next.path))) return undefined;
    await syncFolder(join(this.root, folder.hash));
    return next;
  }

  /** For a record that nobody takes any more. @returns Whether the folder still was where the caller knew it. */
  async remove(folder: Folder): Promise<boolean> {
    if ((await this.take(folder)) === undefined) return false;
    const working = await this.#newWorkFolder();
    const isOurs = await renamed(join(this.root, folder.hash), join(working, "out"));
    if (isOurs) await syncFolder(this.root);
    await rm(working, { recursive: true, force: true });
    return isOurs;
  }

  /** Puts a record that cannot be read where it is in nobody's way. @returns Where it is now, or `undefined` where another one did so. */
  async setAside({ hash, inode }: Folder): Promise<string | undefined> {
    const from = join(this.root, hash);
    await this.#makeOwn(DAMAGED);
    // Another one may have set it aside, and a new one been made.
    if (inode !== undefined && (await inodeOf(from)) !== inode) return undefined;
    const to = join(this.root, DAMAGED, `${hash}-${randomUUID().slice(0, 8)}`);
    if (!(await renamed(from, to))) return undefined;
    await syncFolder(join(this.root, DAMAGED));
    await syncFolder(this.root);
    return to;
  }

  /** Removes what ended processes have left over, an hour old or more, by the clock of this machine. */
  async clean(nowMs: number = Date.now()): Promise<void> {
    const working = join(this.root, WORKING);
    if (await isFolder(working)) await removeLeftOver(working, nowMs);
    for (const hash of await this.list()) {
      const folder = await this.find(hash);
      if (folder !== undefined && folder.epoch > 0) await removeLeftOver(folder.path, nowMs, TEMPORARY);
    }
  }

  async #newWorkFolder(): Promise<string> {
    await this.#makeOwn(WORKING);
    this.#cleaned ??= removeLeftOver(join(this.root, WORKING), Date.now());
    await this.#cleaned.catch((error: unknown) =>
      reportFailure("removing what was left over in a file store", error),
    );
    const path = join(this.root, WORKING, randomUUID());
    await mkdir(path, { mode: 0o700 });
    return path;
  }

  async #makeOwn(name: string): Promise<void> {
    const path = join(this.root, name);
    for (let tried = 1; ; tried++) {
      this.#ready ??= makeFolder(this.root);
      try {
        await this.#ready;
        await mkdir(path, { mode: 0o700 });
        return;
      } catch (error) {
        if (codeOf(error) === "EEXIST") break;
        this.#ready = undefined;
        // Somebody has removed the root since it was made.
        if (tried > 1 || !isAbsent(error)) throw error;
      }
    }
    if (!(await isFolder(path))) throw new StoreUnusableError(path, "is no folder; it was left as it is");
  }
}

async function fill(path: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(path, { mode: 0o700 });
  for (const [name, text] of Object.entries(files)) await writePlainFile(join(path, name), text);
  await syncFolder(path);
}

/** 0: there is none, or something else has its name. */
async function newestIn(outer: string): Promise<number> {
  try {
    const found = (await readdir(outer, { withFileTypes: true })).filter(({ name }) => EPOCH.test(name));
    return found.every((each) => each.isDirectory())
      ? Math.max(0, ...found.map(({ name }) => Number(name)))
      : 0;
  } catch (error) {
    if (isAbsent(error)) return 0;
    throw error;
  }
}
