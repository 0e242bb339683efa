import { writeSync, writevSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "../frame-queue.ts";
import { encodeHeader, HEADER_BYTES, headerOf } from "./frame-header.ts";
import { Segment } from "./segment.ts";
import { SegmentFile } from "./segment-file.ts";
import { SEGMENT_SUFFIX, type SegmentNames } from "./segment-names.ts";
import { isFull } from "./system-error.ts";

export { SEGMENT_SUFFIX };

/** Up to here it is worth a copy. */
const SMALL_BODY_BYTES = 4_096;

export interface SegmentWriterParts {
  readonly segmentBytes: number;
  readonly names: SegmentNames;
  /** Of all that it writes. */
  readonly lane: number;
  /** Where new segments are made; it may become another one. */
  readonly directory: () => { readonly path: string; readonly name: string };
  readonly onCreated: (segment: Segment) => void;
  readonly onSealed: (segment: Segment) => void;
}

/** Appends frames to the newest segment of a lane, and begins another when it is full. */
export class SegmentWriter {
  readonly #parts: SegmentWriterParts;
  #active: Segment | undefined;
  #fd = -1;
  /** A header, and a small body behind it: one buffer is written faster than two. */
  readonly #bytes = Buffer.alloc(HEADER_BYTES + SMALL_BODY_BYTES);
  readonly #headerBytes = this.#bytes.subarray(0, HEADER_BYTES);

  constructor(parts: SegmentWriterParts) {
    this.#parts = parts;
  }

  get active(): Segment | undefined {
    return this.#active;
  }

  /** The frame is in the file when this returns, and nothing of it where it throws. @throws the file system's error */
  write(frame: Frame): Segment {
    const segment = this.#active ?? this.#create();
    const header = headerOf(frame, segment.frames, segment.spans);
    encodeHeader(header, this.#bytes);
    try {
      this.#writeWhole(frame.body);
    } catch (error) {
      this.#undo(segment, isFull(error));
      throw error;
    }
    segment.appended(header);
    return segment;
  }

  sealIfFull(): void {
    if (this.#active !== undefined && this.#active.end >= this.#parts.segmentBytes) this.seal();
  }

  /** Nothing more is written into the newest segment. */
  seal(): void {
    const segment = this.#active;
    if (segment === undefined) return;
    this.#active = undefined;
    this.#fd = -1;
    this.#parts.onSealed(segment);
    segment.file.release();
  }

  #create(): Segment {
    const { path, name } = this.#parts.directory();
    const segmentName = this.#parts.names.next(name);
    const file = SegmentFile.create(join(path, segmentName));
    const segment = new Segment(segmentName, file, this.#parts.lane);
    this.#active = segment;
    this.#fd = file.acquire();
    file.release();
    this.#parts.onCreated(segment);
    return segment;
  }

  #undo(segment: Segment, isDiskFull: boolean): void {
    const isWhole = segment.file.truncate(segment.end, this.#fd);
    // After a full disk the file is as good as before. After anything else another file may fare better.
    if (!isWhole || !isDiskFull) this.seal();
  }

  /** In one call, so that a kill hardly ever leaves a part of the frame; where it does, nobody was told that it is kept. */
  #writeWhole(body: Uint8Array): void {
    const total = HEADER_BYTES + body.byteLength;
    const written = this.#writeAtOnce(body, total);
    // A disk that is nearly full takes a part; the next write says why.
    if (written < total) writeRest(this.#fd, Buffer.concat([this.#headerBytes, body]), written);
  }

  #writeAtOnce(body: Uint8Array, total: number): number {
    if (body.byteLength > SMALL_BODY_BYTES) return writevSync(this.#fd, [this.#headerBytes, body]);
    this.#bytes.set(body, HEADER_BYTES);
    return writeSync(this.#fd, this.#bytes, 0, total);
  }
}

function writeRest(fd: number, bytes: Uint8Array, from: number): void {
  for (let at = from; at < bytes.byteLength; ) at += writeSync(fd, bytes, at, bytes.byteLength - at);
}
