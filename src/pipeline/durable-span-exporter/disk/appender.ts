import type { DropReason, Frame, QueueListener } from "../frame-queue.ts";
import type { CheckedDiskQueueOptions } from "./disk-queue-options.ts";
import { HEADER_BYTES } from "./frame-header.ts";
import { FreeSpace } from "./free-space.ts";
import type { Home } from "./home.ts";
import { Room } from "./room.ts";
import type { Segment } from "./segment.ts";
import type { SegmentList } from "./segment-list.ts";
import { SegmentNames } from "./segment-names.ts";
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
  readonly #names: SegmentNames;
  /** By lane. */
  readonly #writers = new Map<number, SegmentWriter>();
  readonly #room: Room;

  constructor(parts: AppenderParts) {
    const { options, home, segments } = parts;
    this.#parts = parts;
    this.#names = new SegmentNames(options.clock);
    this.#free = new FreeSpace(home.root, options.minFreeBytes);
    this.#room = new Room({
      ...options,
      segments,
      listener: parts.listener,
      free: this.#free,
      isActive: (segment) => this.isActive(segment),
      seal: (segment) => this.seal(segment),
      remove: parts.remove,
    });
  }

  /** Whether it is written to. */
  isActive(segment: Segment): boolean {
    return this.#writers.get(segment.lane)?.active === segment;
  }

  seal(segment: Segment): void {
    if (this.isActive(segment)) this.#writers.get(segment.lane)?.seal();
  }

  sealAll(): void {
    for (const writer of this.#writers.values()) writer.seal();
  }

  /** Gives up what is over the limit. */
  makeRoom(): void {
    this.#room.makeUnderLimit(0);
  }

  /** @returns why the frame is not kept, or `undefined` where it is. */
  append(frame: Frame, lane: number): DropReason | undefined {
    const bytes = HEADER_BYTES + frame.body.byteLength;
    if (bytes > this.#parts.options.maxBytes) return "too_large";
    const nowMs = this.#parts.options.clock.monotonic();
    if (this.#parts.home.isLost(nowMs)) this.#rebuildHome();
    return this.#room.make(bytes, nowMs) ?? this.#write(frame, this.#writerOf(lane));
  }

  #writerOf(lane: number): SegmentWriter {
    const { options, home, segments, syncer, onSealed } = this.#parts;
    const found = this.#writers.get(lane);
    if (found !== undefined) return found;
    const writer = new SegmentWriter({
      ...options,
      lane,
      names: this.#names,
      directory: () => home.directory,
      onCreated(segment) {
        segments.add(segment);
        syncer.changedDirectory();
      },
      onSealed,
    });
    this.#writers.set(lane, writer);
    return writer;
  }

  #write(frame: Frame, writer: SegmentWriter): DropReason | undefined {
    const first = this.#tryToWrite(frame, writer);
    if (first === undefined) return undefined;
    if (!this.#remedied(first)) return reasonOf(first.error);
    const second = this.#tryToWrite(frame, writer);
    if (second === undefined) return undefined;
    if (isFull(second.error)) this.#room.stayedFull();
    return reasonOf(second.error);
  }

  #tryToWrite(frame: Frame, writer: SegmentWriter): { readonly error: unknown } | undefined {
    try {
      const segment = writer.write(frame);
      this.#free.wrote(HEADER_BYTES + frame.body.byteLength);
      this.#parts.syncer.wrote(segment);
      writer.sealIfFull();
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
    for (const { active } of this.#writers.values()) active?.file.keepOpen();
    this.sealAll();
    return this.#parts.home.rebuild();
  }
}

function reasonOf(error: unknown): DropReason {
  return isFull(error) ? "disk_full" : "write_failed";
}
