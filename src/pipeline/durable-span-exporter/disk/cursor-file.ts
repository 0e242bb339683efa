import { closeSync, constants, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { SegmentPosition } from "./segment.ts";

const NAME = "cursor";
const MAX_BYTES = 16 * 2 ** 20;
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const WRITE = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;

/** How far each segment is read, by the segment's name. What it does not name is read from its start. */
export type Cursor = ReadonlyMap<string, SegmentPosition>;

/** Replaces the cursor of a directory at once. Not synced: an older one, or none, only means that frames come again. @throws */
export function writeCursor(directory: string, cursor: Cursor): void {
  const json = JSON.stringify([...cursor]);
  const draft = join(directory, `${NAME}.draft`);
  const fd = openSync(draft, WRITE, 0o600);
  try {
    writeSync(fd, `${checksum(json)} ${json}\n`);
  } finally {
    closeSync(fd);
  }
  renameSync(draft, join(directory, NAME));
}

/** @returns an empty one where it is missing or damaged. */
export function readCursor(directory: string): Cursor {
  try {
    const text = readText(join(directory, NAME));
    const json = text.slice(9, -1);
    if (text.length > MAX_BYTES || text.slice(0, 8) !== checksum(json)) return new Map();
    return new Map(JSON.parse(json) as [string, SegmentPosition][]);
  } catch {
    return new Map();
  }
}

export function isCursorFile(name: string): boolean {
  return name === NAME || name === `${NAME}.draft`;
}

function readText(path: string): string {
  const fd = openSync(path, READ);
  try {
    return readFileSync(fd, "utf8");
  } finally {
    closeSync(fd);
  }
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}
