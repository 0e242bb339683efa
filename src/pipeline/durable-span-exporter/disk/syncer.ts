import { closeSync, constants, fdatasync, fdatasyncSync, fsync, fsyncSync, openSync } from "node:fs";
import { promisify } from "node:util";
import { reportFailure } from "../../../internal/warn-once.ts";
import type { Durability } from "../options.ts";
import type { Segment } from "./segment.ts";

const dataSync = promisify(fdatasync);
const fullSync = promisify(fsync);
const DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY;
const INTERVAL_MS = 500;

export interface SyncerParts {
  readonly durability: Durability;
  /** The directory of the segments; it may become another one. */
  readonly directory: () => string;
  /** What was written into it may be lost, and a later sync of the same file would not tell. */
  readonly onFailed: (segment: Segment) => void;
}

/** Brings to the disk what was written: one round at a time, shared by all who wait. Failures are reported, and reject nothing. */
export class Syncer {
  readonly #parts: SyncerParts;
  /** Each is acquired as long as it stands in here. */
  #dirty = new Set<Segment>();
  /** Those of the round that runs. */
  #syncing: readonly Segment[] = [];
  #directoryDirty = false;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: SyncerParts) {
    this.#parts = parts;
  }

  /** Bytes were added to it. Must be open. */
  wrote(segment: Segment): void {
    if (this.#parts.durability === "none" || this.#dirty.has(segment)) return;
    segment.file.acquire();
    this.#dirty.add(segment);
    this.#schedule();
  }

  /** Files were made. */
  changedDirectory(): void {
    if (this.#parts.durability === "none" || this.#directoryDirty) return;
    this.#directoryDirty = true;
    this.#schedule();
  }

  /** Nobody needs it any more. */
  forget(segment: Segment): void {
    if (this.#dirty.delete(segment)) segment.file.release();
  }

  /** Resolves when all that was written before is on the disk. */
  flush(): Promise<void> {
    if (this.#dirty.size === 0 && !this.#directoryDirty) return this.#running ?? Promise.resolve();
    // A round that has begun may have missed the last bytes: the one after it has them, and those of everybody until then.
    this.#next ??= (this.#running ?? Promise.resolve()).then(() => this.#start());
    return this.#next;
  }

  /** The same at once, a round that runs included: nobody may be left to see its end. */
  flushSync(): void {
    this.stop();
    for (const segment of this.#syncing) this.#guard(segment, () => syncSegment(segment));
    for (const segment of this.#takeDirty()) {
      this.#guard(segment, () => syncSegment(segment));
      segment.file.release();
    }
    if (this.#takeDirectoryDirty()) this.#guard(undefined, () => syncDirectory(this.#parts.directory()));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    if (this.#parts.durability !== "interval" || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.flush();
    }, INTERVAL_MS).unref();
  }

  #start(): Promise<void> {
    this.#next = undefined;
    const round = this.#round().finally(() => {
      if (this.#running === round) this.#running = undefined;
    });
    this.#running = round;
    return round;
  }

  async #round(): Promise<void> {
    this.#syncing = [...this.#takeDirty()];
    await Promise.all(this.#syncing.map((segment) => this.#syncSegment(segment)));
    this.#syncing = [];
    // After the files: a name that is on the disk has its content.
    if (this.#takeDirectoryDirty()) await this.#syncDirectory();
  }

  async #syncSegment(segment: Segment): Promise<void> {
    const fd = segment.file.acquire();
    await dataSync(fd).catch((error: unknown) => this.#failed(segment, error));
    segment.file.release();
    segment.file.release();
  }

  async #syncDirectory(): Promise<void> {
    let fd: number | undefined;
    try {
      fd = openSync(this.#parts.directory(), DIRECTORY);
      await fullSync(fd);
    } catch (error) {
      this.#failed(undefined, error);
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
  }

  #takeDirty(): ReadonlySet<Segment> {
    const taken = this.#dirty;
    this.#dirty = new Set();
    return taken;
  }

  #takeDirectoryDirty(): boolean {
    const taken = this.#directoryDirty;
    this.#directoryDirty = false;
    return taken;
  }

  #guard(segment: Segment | undefined, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#failed(segment, error);
    }
  }

  #failed(segment: Segment | undefined, error: unknown): void {
    reportFailure("syncing the spool to the disk", error);
    if (segment !== undefined) this.#parts.onFailed(segment);
  }
}

function syncSegment({ file }: Segment): void {
  const fd = file.acquire();
  try {
    fdatasyncSync(fd);
  } finally {
    file.release();
  }
}

/** @throws the file system's error. */
export function syncDirectory(path: string): void {
  const fd = openSync(path, DIRECTORY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
