import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  type Stats,
  truncateSync,
  unlinkSync,
} from "node:fs";
import { isOurs } from "./private-directory.ts";
import { attempt } from "./system-error.ts";

const APPEND =
  constants.O_CREAT | constants.O_EXCL | constants.O_RDWR | constants.O_APPEND | constants.O_NOFOLLOW;
/** Without blocking: a pipe that somebody put there would wait for its other end. */
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** A segment's file: open as long as somebody uses it. Every `acquire` has its `release`. */
export class SegmentFile {
  /** Another one after it was adopted. */
  path: string;
  #fd = -1;
  #users = 0;
  #keptOpen = false;

  constructor(path: string) {
    this.path = path;
  }

  /** A new, empty one, acquired for its writer. @throws the file system's error, also where there is one already */
  static create(path: string): SegmentFile {
    const file = new SegmentFile(path);
    file.#fd = openSync(path, APPEND, 0o600);
    file.#users = 1;
    return file;
  }

  /** @throws the file system's error, or a TypeError where it is no file of ours. */
  acquire(): number {
    if (this.#users === 0) this.#fd = openChecked(this.path);
    this.#users += 1;
    return this.#fd;
  }

  release(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    const fd = this.#fd;
    this.#fd = -1;
    attempt(() => closeSync(fd));
  }

  /** @throws like `acquire` */
  stat(): Stats {
    const fd = this.acquire();
    try {
      return fstatSync(fd);
    } finally {
      this.release();
    }
  }

  /** @returns whether it is shorter now. */
  truncate(bytes: number, writable?: number): boolean {
    return attempt(() => {
      if (writable === undefined) truncateSync(this.path, bytes);
      else ftruncateSync(writable, bytes);
    });
  }

  /** Somebody deleted it: it can be read as long as it is open. Must be open. */
  keepOpen(): void {
    if (this.#keptOpen) return;
    this.#keptOpen = true;
    this.#users += 1;
  }

  letGo(): void {
    if (!this.#keptOpen) return;
    this.#keptOpen = false;
    this.release();
  }

  unlink(): void {
    this.letGo();
    attempt(() => unlinkSync(this.path));
  }
}

function openChecked(path: string): number {
  const fd = openSync(path, READ);
  const stat = fstatSync(fd);
  if (stat.isFile() && isOurs(stat)) return fd;
  closeSync(fd);
  throw new TypeError(`${path} is no file of this user`);
}
