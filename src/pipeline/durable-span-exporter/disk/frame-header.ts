import { crc32 } from "node:zlib";
import type { Frame } from "../frame-queue.ts";

/** What stands before each body in a segment file, in this order. Little-endian. */
export interface FrameHeader {
  readonly gzip: boolean;
  readonly bodyBytes: number;
  readonly spans: number;
  /** Number of the frame in its segment. With the next it tells how many frames a damaged region had, and with how many spans. */
  readonly seq: number;
  /** Spans of all frames before it in its segment. */
  readonly spansBefore: number;
  readonly createdMs: number;
  readonly bodyCrc: number;
}

export const HEADER_BYTES = 40;
/** Two of its bytes never stand in UTF-8, so that no text of a span looks like the start of a frame. */
export const MAGIC: Buffer = Buffer.from([0xf8, 0x41, 0xff, 0x46]);

const VERSION = 1;
const GZIP = 1;
const CRC_AT = 36;
const MAX_UINT32 = 0xffff_ffff;

/** The header of a frame at its place in a segment. */
export function headerOf(frame: Frame, seq: number, spansBefore: number): FrameHeader {
  const { body, gzip, createdMs } = frame;
  const spans = countOf(frame.spans);
  return { gzip, bodyBytes: body.byteLength, spans, seq, spansBefore, createdMs, bodyCrc: crc32(body) };
}

/** Writes it to the beginning of `bytes`. @param bytes has room for HEADER_BYTES */
export function encodeHeader(header: FrameHeader, bytes: Buffer): void {
  MAGIC.copy(bytes);
  bytes[4] = VERSION;
  bytes[5] = header.gzip ? GZIP : 0;
  bytes.writeUInt16LE(0, 6);
  bytes.writeUInt32LE(header.bodyBytes, 8);
  bytes.writeUInt32LE(header.spans, 12);
  bytes.writeUInt32LE(header.seq, 16);
  bytes.writeUInt32LE(header.spansBefore, 20);
  bytes.writeDoubleLE(header.createdMs, 24);
  bytes.writeUInt32LE(header.bodyCrc, 32);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, CRC_AT)), CRC_AT);
}

/** @returns `undefined` where no whole, undamaged header of a known version begins at `at`. */
export function decodeHeader(bytes: Buffer, at = 0): FrameHeader | undefined {
  if (bytes.length < at + HEADER_BYTES || MAGIC.compare(bytes, at, at + MAGIC.length) !== 0) return undefined;
  if (bytes.readUInt32LE(at + CRC_AT) !== crc32(bytes.subarray(at, at + CRC_AT))) return undefined;
  if (bytes[at + 4] !== VERSION) return undefined;
  return {
    gzip: ((bytes[at + 5] ?? 0) & GZIP) !== 0,
    bodyBytes: bytes.readUInt32LE(at + 8),
    spans: bytes.readUInt32LE(at + 12),
    seq: bytes.readUInt32LE(at + 16),
    spansBefore: bytes.readUInt32LE(at + 20),
    createdMs: bytes.readDoubleLE(at + 24),
    bodyCrc: bytes.readUInt32LE(at + 32),
  };
}

/** Bytes of the frame on disk. */
export function frameBytes({ bodyBytes }: Pick<FrameHeader, "bodyBytes">): number {
  return HEADER_BYTES + bodyBytes;
}

function countOf(spans: number): number {
  return spans >= 0 ? Math.min(Math.trunc(spans), MAX_UINT32) : 0;
}
