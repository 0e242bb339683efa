import type { Frame, QueueListener } from "../frame-queue.ts";
import { frameBytes } from "./frame-header.ts";
import type { Quarantine } from "./quarantine.ts";
import { readFrame } from "./read-frame.ts";
import type { Handle, OnDamage, Segment } from "./segment.ts";
import type { SegmentList } from "./segment-list.ts";
import { codeOf, isPassing } from "./system-error.ts";

/** Errors of one place in a file. After any other the whole file is of no use. */
const OF_ONE_PLACE: ReadonlySet<string | undefined> = new Set(["EIO", "EINVAL"]);

export interface SpoolReaderParts {
  readonly segments: SegmentList;
  readonly listener: QueueListener;
  readonly quarantine: Quarantine;
  /** Frames of it were given up. */
  readonly onShorter: (segment: Segment) => void;
}

export interface ReadFrame {
  readonly frame: Frame;
  readonly handle: Handle;
}

/** Reads the oldest frame of a lane that waits. What is damaged is counted, set aside and passed over. */
export class SpoolReader {
  readonly #parts: SpoolReaderParts;

  constructor(parts: SpoolReaderParts) {
    this.#parts = parts;
  }

  /** @returns `undefined` where nothing waits, or nothing can be read now. */
  async next(lane: number): Promise<ReadFrame | undefined> {
    // Each turn hands out a frame or gives up at least one.
    for (;;) {
      const handle = this.#pick(lane);
      if (handle === undefined) return undefined;
      try {
        const frame = await readFrame(handle);
        if (frame !== undefined) return { frame, handle };
        this.#forgetDamaged(handle);
      } catch (error) {
        if (isPassing(error)) {
          handle.out = false;
          return undefined;
        }
        if (OF_ONE_PLACE.has(codeOf(error))) this.#forgetUnreadable(handle);
        else this.#giveUp(handle.segment, handle);
      }
    }
  }

  #pick(lane: number): Handle | undefined {
    for (const segment of [...this.#parts.segments]) {
      if (segment.lane !== lane) continue;
      try {
        const handle = segment.pick(this.#onDamage);
        if (handle !== undefined) return handle;
        if (segment.isSettled) this.#parts.onShorter(segment);
      } catch (error) {
        if (isPassing(error)) return undefined;
        this.#giveUp(segment);
      }
    }
    return undefined;
  }

  #forgetDamaged(handle: Handle): void {
    const { segment, offset, header } = handle;
    if (!segment.forgetDamaged(handle)) {
      this.#parts.quarantine.keepRegion(
        segment.file,
        offset,
        Math.min(offset + frameBytes(header), segment.end),
      );
    }
    this.#parts.listener.corrupt(1, header.spans);
    this.#parts.onShorter(segment);
  }

  #forgetUnreadable(handle: Handle): void {
    const { segment, header } = handle;
    segment.forget(handle);
    this.#parts.listener.corrupt(1, header.spans);
    this.#parts.onShorter(segment);
  }

  /** The file cannot be read at all. */
  #giveUp(segment: Segment, handle?: Handle): void {
    if (handle !== undefined) handle.out = false;
    const { frames, spans } = segment.dropWaiting(0);
    this.#parts.quarantine.setAside(segment.file.path);
    this.#parts.listener.corrupt(frames, spans);
    this.#parts.onShorter(segment);
  }

  readonly #onDamage: OnDamage = (segment, frames, spans, from, to) => {
    this.#parts.quarantine.keepRegion(segment.file, from, to);
    if (frames > 0) this.#parts.listener.corrupt(frames, spans);
  };
}
