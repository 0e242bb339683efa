import { writeSync, writevSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../../internal/clock.ts";
import type { Frame } from "../frame-queue.ts";
import { decodeHeader, encodeHeader } from "./frame-header.ts";
import { Segment } from "./segment.ts";
import { SegmentFile } from "./segment-file.ts";
import { isFull } from "./system-error.ts";

export const SEGMENT_SUFFIX = ".seg";

export interface SegmentWriterParts {
  readonly segmentBytes: number;
  readonly clock: Clock;
  /** Where new segments are made; it may become another one. */
  readonly directory: () => { readonly path: string; readonly name: string };
  readonly onCreated: (segment: Segment) => void;
  readonly onSealed: (segment: Segment) => void;
}

/** Appends frames to the newest segment, and begins another when it is full. */
export class SegmentWriter {
  readonly #parts: SegmentWriterParts;
  #active: Segment | undefined;
  #fd = -1;
  #count = 0;
  #lastMs = 0;

  constructor(parts: SegmentWriterParts) {
    this.#parts = parts;
  }

  get active(): Segment | undefined {
    return this.#active;
  }

  /** The frame is in the file when this returns, and nothing of it where it throws. @throws the file system's error */
  write(frame: Frame): Segment {
    const segment = this.#active ?? this.#create();
    const bytes = encodeHeader(frame, { seq: segment.frames, spansBefore: segment.spans });
    try {
      writeWhole(this.#fd, bytes, frame.body);
    } catch (error) {
      this.#undo(segment, isFull(error));
      throw error;
    }
    segment.appended(decodeHeader(bytes)!);
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
    const segmentName = this.#newName(name);
    const file = SegmentFile.create(join(path, segmentName));
    const segment = new Segment(segmentName, file);
    this.#active = segment;
    this.#fd = file.acquire();
    file.release();
    this.#parts.onCreated(segment);
    return segment;
  }

  /** Unlike every other name, also after it was moved: time, so that they sort; owner; number. */
  #newName(owner: string): string {
    // A clock that is set back would put new frames before old ones.
    this.#lastMs = Math.max(this.#lastMs, Math.trunc(this.#parts.clock.now()));
    this.#count += 1;
    const [time, count] = [String(this.#lastMs).padStart(15, "0"), String(this.#count).padStart(8, "0")];
    return `${time}-${owner.replace(/^live-/, "")}-${count}${SEGMENT_SUFFIX}`;
  }

  #undo(segment: Segment, isDiskFull: boolean): void {
    const isWhole = segment.file.truncate(segment.end, this.#fd);
    // After a full disk the file is as good as before. After anything else another file may fare better.
    if (!isWhole || !isDiskFull) this.seal();
  }
}

/** In one call, so that a kill leaves all of the frame or none. */
function writeWhole(fd: number, header: Uint8Array, body: Uint8Array): void {
  const total = header.byteLength + body.byteLength;
  let written = writevSync(fd, [header, body]);
  if (written === total) return;
  // A disk that is nearly full takes a part; the next write says why.
  const whole = Buffer.concat([header, body]);
  while (written < total) written += writeSync(fd, whole, written, total - written);
}
