import type { DropReason, Frame, QueueListener } from "../frame-queue.ts";
import type { CheckedDiskQueueOptions } from "./disk-queue-options.ts";
import { HEADER_BYTES } from "./frame-header.ts";
import { FreeSpace } from "./free-space.ts";
import type { Home } from "./home.ts";
import { Room } from "./room.ts";
import type { Segment } from "./segment.ts";
import type { SegmentList } from "./segment-list.ts";
import { SegmentWriter } from "./segment-writer.ts";
import type { Syncer } from "./syncer.ts";
import { codeOf, isFull } from "./system-error.ts";

export interface AppenderParts {
  readonly options: CheckedDiskQueueOptions;
  readonly home: Home;
  readonly segments: SegmentList;
  readonly syncer: Syncer;
  readonly listener: QueueListener;
  readonly onSealed: (segment: Segment) => void;
  readonly remove: (segment: Segment) => void;
}

/** Takes frames in: makes room, writes, and where that fails does what may help once, and no more. */
export class Appender {
  readonly #parts: AppenderParts;
  readonly #free: FreeSpace;
  readonly #writer: SegmentWriter;
  readonly #room: Room;

  constructor(parts: AppenderParts) {
    const { options, home, segments, syncer } = parts;
    this.#parts = parts;
    this.#free = new FreeSpace(home.root, options.minFreeBytes);
    this.#writer = new SegmentWriter({
      ...options,
      directory: () => home.directory,
      onCreated(segment) {
        segments.add(segment);
        syncer.changedDirectory();
      },
      onSealed: parts.onSealed,
    });
    this.#room = new Room({
      ...options,
      segments,
      listener: parts.listener,
      free: this.#free,
      active: () => this.#writer.active,
      seal: () => this.#writer.seal(),
      remove: parts.remove,
    });
  }

  /** The segment that is written to. */
  get active(): Segment | undefined {
    return this.#writer.active;
  }

  seal(): void {
    this.#writer.seal();
  }

  /** Gives up what is over the limit. */
  makeRoom(): void {
    this.#room.makeUnderLimit(0);
  }

  /** @returns why the frame is not kept, or `undefined` where it is. */
  append(frame: Frame): DropReason | undefined {
    const bytes = HEADER_BYTES + frame.body.byteLength;
    if (bytes > this.#parts.options.maxBytes) return "too_large";
    const nowMs = this.#parts.options.clock.monotonic();
    if (this.#parts.home.isLost(nowMs)) this.#rebuildHome();
    return this.#room.make(bytes, nowMs) ?? this.#write(frame);
  }

  #write(frame: Frame): DropReason | undefined {
    const first = this.#tryToWrite(frame);
    if (first === undefined) return undefined;
    if (!this.#remedied(first)) return reasonOf(first.error);
    const second = this.#tryToWrite(frame);
    if (second === undefined) return undefined;
    if (isFull(second.error)) this.#room.stayedFull();
    return reasonOf(second.error);
  }

  #tryToWrite(frame: Frame): { readonly error: unknown } | undefined {
    try {
      const segment = this.#writer.write(frame);
      this.#free.wrote(HEADER_BYTES + frame.body.byteLength);
      this.#parts.syncer.wrote(segment);
      this.#writer.sealIfFull();
      return undefined;
    } catch (error) {
      return { error };
    }
  }

  #remedied({ error }: { readonly error: unknown }): boolean {
    if (isFull(error)) return this.#room.makeAfterFullDisk();
    return codeOf(error) === "ENOENT" && this.#rebuildHome();
  }

  #rebuildHome(): boolean {
    this.#writer.active?.file.keepOpen();
    this.#writer.seal();
    return this.#parts.home.rebuild();
  }
}

function reasonOf(error: unknown): DropReason {
  return isFull(error) ? "disk_full" : "write_failed";
}
