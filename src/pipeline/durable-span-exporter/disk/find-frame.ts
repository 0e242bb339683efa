import { readSync } from "node:fs";
import { decodeHeader, type FrameHeader, HEADER_BYTES, MAGIC } from "./frame-header.ts";

export interface FoundFrame {
  readonly offset: number;
  readonly header: FrameHeader;
}

/** Bytes looked at with one read. */
const WINDOW_BYTES = 256 * 1024;

/**
 * The first frame with an undamaged header that begins at `from`, or after it and before `end`.
 *
 * @param minSeq Frames with a lower number are passed over: copies of what stood before.
 * @throws the file system's error where the file cannot be read.
 */
export function findFrame(fd: number, from: number, end: number, minSeq: number): FoundFrame | undefined {
  const fits = (header: FrameHeader) => header.seq >= minSeq;
  const first = readHeader(fd, from);
  if (first !== undefined && fits(first)) return { offset: from, header: first };
  for (let at = from; at + HEADER_BYTES <= end; at += WINDOW_BYTES) {
    const found = headersIn(readWindow(fd, at, end)).find(({ header }) => fits(header));
    if (found !== undefined) return { offset: at + found.offset, header: found.header };
  }
  return undefined;
}

/** The last frame with an undamaged header that begins before `end`. It may be cut off by the end. @throws like findFrame */
export function findLastFrame(fd: number, end: number): FoundFrame | undefined {
  for (let top = end; top > 0; top -= WINDOW_BYTES) {
    const at = Math.max(0, top - WINDOW_BYTES);
    const found = headersIn(readWindow(fd, at, end)).at(-1);
    if (found !== undefined) return { offset: at + found.offset, header: found.header };
  }
  return undefined;
}

function readHeader(fd: number, at: number): FrameHeader | undefined {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES);
  return readSync(fd, bytes, 0, HEADER_BYTES, at) === HEADER_BYTES ? decodeHeader(bytes) : undefined;
}

/** One header longer than a window, so that none is missed between two of them. */
function readWindow(fd: number, at: number, end: number): Buffer {
  const bytes = Buffer.allocUnsafe(Math.min(WINDOW_BYTES + HEADER_BYTES - 1, end - at));
  return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, at));
}

function headersIn(bytes: Buffer): readonly FoundFrame[] {
  const found: FoundFrame[] = [];
  for (let offset = bytes.indexOf(MAGIC); offset !== -1; offset = bytes.indexOf(MAGIC, offset + 1)) {
    const header = decodeHeader(bytes, offset);
    if (header !== undefined) found.push({ offset, header });
  }
  return found;
}
