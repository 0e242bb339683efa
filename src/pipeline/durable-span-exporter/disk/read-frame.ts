import { read } from "node:fs";
import { promisify } from "node:util";
import { crc32 } from "node:zlib";
import type { Frame } from "../frame-queue.ts";
import { decodeHeader, frameBytes, HEADER_BYTES } from "./frame-header.ts";
import type { Handle } from "./segment.ts";

const readAsync = promisify(read);

/**
 * The frame behind a handle, and what comes after it, in one read.
 *
 * @returns `undefined` where the body is cut off or is not what was written.
 * @throws the file system's error.
 */
export async function readFrame({ segment, offset, header }: Handle): Promise<Frame | undefined> {
  const { gzip, spans, createdMs, bodyBytes } = header;
  // A length that the file does not have would only be memory for nothing.
  if (offset + frameBytes(header) > segment.end) return undefined;
  const bytes = Buffer.allocUnsafeSlow(bodyBytes + HEADER_BYTES);
  const length = await readWhole(segment.file.acquire(), bytes, offset + HEADER_BYTES).finally(() =>
    segment.file.release(),
  );
  const body = bytes.subarray(0, bodyBytes);
  if (length < bodyBytes || crc32(body) !== header.bodyCrc) return undefined;
  segment.learn(offset + frameBytes(header), decodeHeader(bytes.subarray(0, length), bodyBytes));
  return { body, gzip, spans, createdMs };
}

async function readWhole(fd: number, bytes: Buffer, from: number): Promise<number> {
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await readAsync(fd, bytes, length, bytes.length - length, from + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length;
}
