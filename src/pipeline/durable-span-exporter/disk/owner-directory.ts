import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { leftName, newOwnerName, type ProcessIdentity } from "./owner-identity.ts";
import { makePrivateDirectory } from "./private-directory.ts";
import { attempt } from "./system-error.ts";

export const OWNER_FILE = "owner.json";
const FLAGS = constants.O_CREAT | constants.O_WRONLY | constants.O_NOFOLLOW;

/** The directory of one queue, inside the one of the user, and the file in it that says whose it is and that he lives. */
export class OwnerDirectory {
  readonly root: string;
  readonly name: string;
  readonly path: string;
  readonly #content: Buffer;
  readonly #inode: number;
  #fd: number;

  /** @throws the file system's error where it cannot be made. */
  constructor(root: string, identity: ProcessIdentity) {
    this.root = root;
    this.name = newOwnerName(identity);
    this.path = join(root, this.name);
    this.#content = Buffer.from(`${JSON.stringify({ version: 1, ...identity })}\n`);
    makePrivateDirectory(root);
    mkdirSync(this.path, { mode: 0o700 });
    this.#inode = lstatSync(this.path).ino;
    try {
      this.#fd = this.#openFile();
      this.beat();
    } catch (error) {
      attempt(() => unlinkSync(join(this.path, OWNER_FILE)));
      attempt(() => rmdirSync(this.path));
      throw error;
    }
  }

  /** Says to others, who cannot see this process, that it lives. Written, not touched: so the file system sets the time. */
  beat(): void {
    writeSync(this.#fd, this.#content, 0, this.#content.length, 0);
  }

  /** The time of the file system's own clock, in milliseconds since the epoch. */
  fileSystemNow(): number {
    this.beat();
    return fstatSync(this.#fd).mtimeMs;
  }

  /** Whether the directory is still there and ours. Somebody may have deleted it, or taken it from a process that was stopped. */
  isThere(): boolean {
    try {
      return lstatSync(this.path).ino === this.#inode;
    } catch {
      return false;
    }
  }

  /** Makes the owner file again where somebody deleted it. */
  restoreFile(): void {
    if (lstatSync(join(this.path, OWNER_FILE), { throwIfNoEntry: false }) !== undefined) return;
    const fd = this.#openFile();
    this.#closeFile();
    this.#fd = fd;
    this.beat();
  }

  /** Lets go of it: removed where nothing is kept in it, else left under a name that anybody may adopt. */
  leave(kept: boolean): void {
    this.#closeFile();
    if (!this.isThere()) return;
    attempt(() => unlinkSync(join(this.path, OWNER_FILE)));
    if (!kept && this.#removed()) return;
    attempt(() => renameSync(this.path, join(this.root, leftName(this.name))));
  }

  /** Lets go of a directory that is not there any more. */
  forget(): void {
    this.#closeFile();
  }

  #removed(): boolean {
    return attempt(() => {
      for (const name of readdirSync(this.path)) {
        if (name.startsWith("cursor")) unlinkSync(join(this.path, name));
      }
      rmdirSync(this.path);
    });
  }

  #openFile(): number {
    return openSync(join(this.path, OWNER_FILE), FLAGS, 0o600);
  }

  #closeFile(): void {
    if (this.#fd === -1) return;
    attempt(() => closeSync(this.#fd));
    this.#fd = -1;
  }
}
