import type { Clock } from "../../../internal/clock.ts";
import type { DropReason, QueueListener } from "../frame-queue.ts";
import type { FreeSpace } from "./free-space.ts";
import type { Segment } from "./segment.ts";
import type { SegmentList } from "./segment-list.ts";

/** After giving up frames for a disk that stayed full: another program takes the space, and would take it again. */
const GIVE_UP_AGAIN_MS = 1_000;

export type FullPolicy = "drop_oldest" | "drop_newest";

export interface RoomParts {
  readonly maxBytes: number;
  readonly policy: FullPolicy;
  readonly segments: SegmentList;
  readonly free: FreeSpace;
  readonly clock: Clock;
  readonly listener: QueueListener;
  /** Whether it is written to. */
  readonly isActive: (segment: Segment) => boolean;
  readonly seal: (segment: Segment) => void;
  readonly remove: (segment: Segment) => void;
}

/** Keeps the queue within its bytes and off the floor of the disk, by giving up the oldest frames or by refusing new ones. */
export class Room {
  readonly #parts: RoomParts;
  /** Freed under the floor and not used up yet: so that the queue stops growing there, and is not emptied. */
  #creditBytes = 0;
  /** Left under the limit, at least: what was deleted since is counted when this is used up. */
  #leftBytes = 0;
  #notBeforeMs = Number.NEGATIVE_INFINITY;

  constructor(parts: RoomParts) {
    this.#parts = parts;
  }

  /** @returns why there is no room, or `undefined` where there is. */
  make(bytes: number, nowMs: number): DropReason | undefined {
    const reason = bytes > this.#leftBytes ? this.makeUnderLimit(bytes) : undefined;
    if (reason !== undefined) return reason;
    this.#leftBytes -= bytes;
    return this.#makeOverFloor(bytes, nowMs);
  }

  /** The same for the limit alone, counted anew. */
  makeUnderLimit(bytes: number): DropReason | undefined {
    this.#leftBytes = 0;
    const { maxBytes, segments } = this.#parts;
    while (segments.diskBytes + bytes > maxBytes) {
      const freed = this.#freeOldest("queue_full");
      if (freed === 0) return "queue_full";
      this.#creditBytes += freed;
    }
    this.#leftBytes = maxBytes - segments.diskBytes;
    return undefined;
  }

  #makeOverFloor(bytes: number, nowMs: number): DropReason | undefined {
    if (this.#parts.free.has(bytes, nowMs)) {
      this.#creditBytes = 0;
      return undefined;
    }
    while (this.#creditBytes < bytes) {
      const freed = this.#freeOldest("disk_full");
      if (freed === 0) return "disk_full";
      this.#creditBytes += freed;
    }
    this.#creditBytes -= bytes;
    return undefined;
  }

  /** The disk was full. @returns whether it is worth another try */
  makeAfterFullDisk(): boolean {
    return this.#parts.clock.monotonic() >= this.#notBeforeMs && this.#freeOldest("disk_full") > 0;
  }

  /** It was full again. */
  stayedFull(): void {
    this.#notBeforeMs = this.#parts.clock.monotonic() + GIVE_UP_AGAIN_MS;
  }

  #freeOldest(reason: "queue_full" | "disk_full"): number {
    const settled = this.#freeSettled();
    if (settled > 0 || this.#parts.policy === "drop_newest") return settled;
    for (const segment of this.#parts.segments) {
      if (segment.inUseUntil >= segment.end) continue;
      // For a full disk the newest segment stays: that one frame is not worth all the others.
      if (this.#parts.isActive(segment) && reason === "disk_full") continue;
      return this.#giveUp(segment, reason);
    }
    return 0;
  }

  /** The newest segments, where all of them is delivered: that costs no span. */
  #freeSettled(): number {
    const { segments, isActive, seal } = this.#parts;
    const settled = [...segments].filter((segment) => isActive(segment) && segment.isSettled);
    for (const segment of settled) seal(segment);
    return settled.reduce((sum, { end }) => sum + end, 0);
  }

  /** Whole, but for what is handed out, which stands at its beginning. */
  #giveUp(segment: Segment, reason: "queue_full" | "disk_full"): number {
    const { end, inUseUntil } = segment;
    const { spans } = segment.dropWaiting(inUseUntil);
    if (this.#parts.isActive(segment)) this.#parts.seal(segment);
    else if (segment.isSettled) this.#parts.remove(segment);
    if (!segment.isSettled) {
      segment.file.truncate(inUseUntil);
      segment.truncated(inUseUntil);
    }
    this.#parts.listener.dropped(reason, spans);
    return end - (segment.isSettled ? 0 : inUseUntil);
  }
}
