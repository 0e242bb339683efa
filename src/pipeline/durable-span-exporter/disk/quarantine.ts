import {
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { basename, join } from "node:path";
import { isPrivate, makePrivateDirectory } from "./private-directory.ts";
import type { SegmentFile } from "./segment-file.ts";
import { attempt } from "./system-error.ts";

const FOLDER = "quarantine";
const MAX_FILES = 16;
const MAX_BYTES = 64 * 2 ** 20;
/** Of one damaged region: more of it is not kept. */
const MAX_REGION_BYTES = 8 * 2 ** 20;

/** Where damaged bytes are kept for who wants to look at them. Bounded, oldest out first; shared by all processes. Never throws. */
export class Quarantine {
  readonly #path: string;

  constructor(root: string) {
    this.#path = join(root, FOLDER);
  }

  /** Copies a damaged region of a segment. */
  keepRegion(file: SegmentFile, from: number, to: number): void {
    if (to <= from) return;
    this.#within(() => {
      const kept = openSync(join(this.#path, `${basename(file.path)}-${from}.bad`), "wx", 0o600);
      try {
        writeSync(kept, regionOf(file, from, Math.min(to, from + MAX_REGION_BYTES)));
      } finally {
        closeSync(kept);
      }
    });
  }

  /** Moves what cannot be read, or is none of ours. @returns whether it is gone from where it was */
  setAside(path: string): boolean {
    return this.#within(() => renameSync(path, join(this.#path, `${Date.now()}-${basename(path)}`)));
  }

  #within(action: () => void): boolean {
    return attempt(() => {
      makePrivateDirectory(this.#path);
      if (!isPrivate(this.#path)) return;
      try {
        action();
      } finally {
        this.#prune();
      }
    });
  }

  #prune(): void {
    const kept = readdirSync(this.#path)
      .map((name) => ({ path: join(this.#path, name), stat: lstatSync(join(this.#path, name)) }))
      .toSorted((a, b) => b.stat.mtimeMs - a.stat.mtimeMs);
    let bytes = 0;
    for (const [index, { path, stat }] of kept.entries()) {
      bytes += stat.size;
      if (index >= MAX_FILES || bytes > MAX_BYTES) rmSync(path, { recursive: true, force: true });
    }
  }
}

function regionOf(file: SegmentFile, from: number, to: number): Buffer {
  const bytes = Buffer.allocUnsafe(to - from);
  const fd = file.acquire();
  try {
    return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, from));
  } finally {
    file.release();
  }
}
