import { findFrame } from "./find-frame.ts";
import { type FrameHeader, frameBytes } from "./frame-header.ts";
import type { SegmentFile } from "./segment-file.ts";

/** A frame that was read from its segment and is not settled. */
export interface Handle {
  readonly segment: Segment;
  readonly offset: number;
  readonly header: FrameHeader;
  /** Handed out; else it was put back, and waits. */
  out: boolean;
}

/** How far a segment is read; what the cursor file keeps. */
export interface SegmentPosition {
  /** Where the next unread frame begins, or is looked for. */
  readonly readAt: number;
  readonly seq: number;
  readonly spansBefore: number;
  /** Frames before it that are not settled. */
  readonly pending: readonly PendingPosition[];
}

export type PendingPosition = readonly [offset: number, seq: number, spans: number, createdMs: number];

/** Tells of damage: how many frames, how many spans, and between which bytes. */
export type OnDamage = (segment: Segment, frames: number, spans: number, from: number, to: number) => void;

/**
 * What is known of one segment file. Frames are read in order, so that a position and the few frames on their way say it all:
 * memory does not grow with the number of frames.
 */
export class Segment {
  readonly name: string;
  readonly file: SegmentFile;
  /** Of all its frames. */
  readonly lane: number;
  /** Bytes on disk. */
  end = 0;
  /** Frames and spans that were ever written into it. */
  frames = 0;
  spans = 0;
  /** By offset. */
  readonly pending: Handle[] = [];
  #readAt = 0;
  #seq = 0;
  #spansBefore = 0;
  /** The header at `#readAt`, where it is known. */
  #next: FrameHeader | undefined;

  constructor(name: string, file: SegmentFile, lane = 0) {
    this.name = name;
    this.file = file;
    this.lane = lane;
  }

  get unreadFrames(): number {
    return Math.max(0, this.frames - this.#seq);
  }

  get unreadSpans(): number {
    return Math.max(0, this.spans - this.#spansBefore);
  }

  get unsettledFrames(): number {
    return this.unreadFrames + this.pending.length;
  }

  get unsettledSpans(): number {
    return this.pending.reduce((sum, { header }) => sum + header.spans, this.unreadSpans);
  }

  get unsettledBytes(): number {
    return this.pending.reduce(
      (sum, { header }) => sum + frameBytes(header),
      Math.max(0, this.end - this.#readAt),
    );
  }

  get oldestMs(): number | undefined {
    return this.pending[0]?.header.createdMs ?? this.#next?.createdMs;
  }

  get hasUnread(): boolean {
    return this.unreadFrames > 0 || this.#readAt < this.end;
  }

  get isSettled(): boolean {
    return this.pending.length === 0 && !this.hasUnread;
  }

  get position(): SegmentPosition {
    const pending = this.pending.map(
      ({ offset, header }): PendingPosition => [offset, header.seq, header.spans, header.createdMs],
    );
    return { readAt: this.#readAt, seq: this.#seq, spansBefore: this.#spansBefore, pending };
  }

  startAt({ readAt, seq, spansBefore }: Omit<SegmentPosition, "pending">): void {
    this.#moveTo(readAt, seq, spansBefore);
  }

  appended(header: FrameHeader): void {
    if (this.#readAt === this.end) this.#next = header;
    this.end += frameBytes(header);
    this.frames += 1;
    this.spans += header.spans;
  }

  /** What a read found behind a frame, so that it need not be read again. */
  learn(offset: number, header: FrameHeader | undefined): void {
    if (offset === this.#readAt && header?.seq === this.#seq) this.#next ??= header;
  }

  /** The oldest frame that waits, handed out by this. @throws the file system's error where it cannot be looked for */
  pick(onDamage: OnDamage): Handle | undefined {
    const back = this.pending.find(({ out }) => !out);
    if (back !== undefined) {
      back.out = true;
      return back;
    }
    return this.hasUnread ? this.#pickUnread(onDamage) : undefined;
  }

  /**
   * A frame turned out to be damaged. Its length may be wrong as well, so the next is looked for from its beginning.
   *
   * @returns whether all up to the next one will be told as damage then.
   */
  forgetDamaged(handle: Handle): boolean {
    this.forget(handle);
    const { offset, header } = handle;
    if (this.#readAt !== offset + frameBytes(header)) return false;
    this.#moveTo(offset, this.#seq, this.#spansBefore);
    return true;
  }

  forget(handle: Handle): void {
    const at = this.pending.indexOf(handle);
    if (at !== -1) this.pending.splice(at, 1);
  }

  /** Where the last frame that is handed out ends: nothing behind it is in use. */
  get inUseUntil(): number {
    const last = this.pending.findLast(({ out }) => out);
    return last === undefined ? 0 : last.offset + frameBytes(last.header);
  }

  /** Gives up all frames that wait behind `from`. @returns how many frames and spans */
  dropWaiting(from: number): { readonly frames: number; readonly spans: number } {
    const back = this.pending.filter(({ out, offset }) => !out && offset >= from);
    const frames = this.unreadFrames + back.length;
    const spans = back.reduce((sum, { header }) => sum + header.spans, this.unreadSpans);
    for (const handle of back) this.forget(handle);
    this.#moveTo(this.end, this.frames, this.spans);
    return { frames, spans };
  }

  truncated(end: number): void {
    this.end = end;
    this.#moveTo(end, this.frames, this.spans);
  }

  #pickUnread(onDamage: OnDamage): Handle | undefined {
    if (this.#next === undefined && !this.#findNext(onDamage)) return undefined;
    const header = this.#next;
    if (header === undefined) return undefined;
    const handle: Handle = { segment: this, offset: this.#readAt, header, out: true };
    this.#moveTo(this.#readAt + frameBytes(header), header.seq + 1, header.spansBefore + header.spans);
    this.pending.push(handle);
    this.pending.sort((a, b) => a.offset - b.offset);
    return handle;
  }

  #findNext(onDamage: OnDamage): boolean {
    const fd = this.file.acquire();
    try {
      const [from, until] = [this.#readAt, this.end];
      const found = findFrame(fd, from, until, this.#seq);
      const lostFrames = Math.min(this.unreadFrames, (found?.header.seq ?? this.frames) - this.#seq);
      const lostSpans = Math.min(
        this.unreadSpans,
        (found?.header.spansBefore ?? this.spans) - this.#spansBefore,
      );
      if (found === undefined) this.#moveTo(this.end, this.frames, this.spans);
      else this.#moveTo(found.offset, found.header.seq, found.header.spansBefore);
      this.#next = found?.header;
      const to = found?.offset ?? until;
      if (lostFrames > 0 || to > from)
        onDamage(this, Math.max(0, lostFrames), Math.max(0, lostSpans), from, to);
      return found !== undefined;
    } finally {
      this.file.release();
    }
  }

  #moveTo(readAt: number, seq: number, spansBefore: number): void {
    this.#readAt = readAt;
    this.#seq = seq;
    this.#spansBefore = spansBefore;
    this.#next = undefined;
  }
}
