import type { QueueSize } from "../frame-queue.ts";
import type { Cursor } from "./cursor-file.ts";
import type { Segment } from "./segment.ts";

/** The segments of one queue, oldest first. Their names begin with the time, so that adopted ones find their place. */
export class SegmentList {
  readonly #segments: Segment[] = [];

  [Symbol.iterator](): Iterator<Segment> {
    return this.#segments[Symbol.iterator]();
  }

  get isEmpty(): boolean {
    return this.#segments.length === 0;
  }

  /** Bytes of all files, settled frames in them included. */
  get diskBytes(): number {
    let bytes = 0;
    for (const { end } of this.#segments) bytes += end;
    return bytes;
  }

  /** @param lane @default all of them */
  size(lane?: number): QueueSize {
    let [frames, spans, bytes] = [0, 0, 0];
    let oldestMs: number | undefined;
    for (const segment of this.#segments) {
      if (lane !== undefined && segment.lane !== lane) continue;
      frames += segment.unsettledFrames;
      spans += segment.unsettledSpans;
      bytes += segment.unsettledBytes;
      oldestMs = earlier(oldestMs, segment.oldestMs);
    }
    return { frames, spans, bytes, oldestMs };
  }

  /** Only of segments that are read from elsewhere than their start. */
  get cursor(): Cursor {
    const cursor = new Map(this.#segments.map(({ name, position }) => [name, position]));
    for (const [name, { readAt, pending }] of cursor)
      if (readAt === 0 && pending.length === 0) cursor.delete(name);
    return cursor;
  }

  add(segment: Segment): void {
    const at = this.#segments.findLastIndex(({ name }) => name < segment.name);
    this.#segments.splice(at + 1, 0, segment);
  }

  remove(segment: Segment): void {
    const at = this.#segments.indexOf(segment);
    if (at !== -1) this.#segments.splice(at, 1);
  }
}

/** Of two lanes the one with the older file may have the newer frame. */
function earlier(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}
