/** One encoded request: what is kept, and sent, as a whole. */
export interface Frame {
  /** An OTLP ExportTraceServiceRequest in protobuf, compressed where `gzip` says so. */
  readonly body: Uint8Array;
  readonly gzip: boolean;
  /** How many spans are in it: counted also where the body cannot be read any more. */
  readonly spans: number;
  /** Milliseconds since the epoch. */
  readonly createdMs: number;
}

/** Why spans are given up. Low cardinality: each is a time series. */
export type DropReason =
  | "queue_full"
  | "disk_full"
  | "write_failed"
  | "corrupt"
  | "rejected"
  | "too_large"
  | "age"
  | "encode_failed"
  | "shutdown";

/** What a queue tells of itself, once each. None of it may throw. */
export interface QueueListener {
  /** Spans that will not be sent. */
  dropped(reason: DropReason, spans: number): void;
  /** Damaged frames that were skipped; `spans` is 0 where the header could not be read. */
  corrupt(frames: number, spans: number): void;
  /** Frames of an earlier process that were found, damaged ones with a good header included: those are told to `corrupt` as well. */
  recovered(frames: number, spans: number): void;
}

export interface QueueSize {
  readonly frames: number;
  readonly spans: number;
  readonly bytes: number;
  /** `createdMs` of the oldest frame. */
  readonly oldestMs: number | undefined;
}

/**
 * Encoded requests on their way, oldest first: on disk, or in memory with a bound. One interface, so that there is one path.
 * Nothing in here throws or rejects; what cannot be kept is told to the listener.
 */
export interface FrameQueue {
  /** Takes a frame. A frame on disk is written when this returns, though it may not be synced. */
  append(frame: Frame): void;
  /** Resolves when all that was appended is as durable as was asked for. At once, except where each append is synced. */
  synced(): Promise<void>;
  /** Hands out the oldest frame that is not handed out already; `undefined` where there is none. */
  take(): Promise<Frame | undefined>;
  /** The frame was delivered, or refused for good: only now may it be forgotten. */
  settle(frame: Frame): void;
  /** The frame could not be delivered now: `take` gives it again, in its old place. */
  putBack(frame: Frame): void;
  /** All that is not settled, frames handed out included. */
  readonly size: QueueSize;
  /** Makes durable what there is, and lets go of files. Frames that are not settled stay, where they can. Safe to call twice. */
  close(): Promise<void>;
  /** The same at once, for the end of a process that waits for nothing. */
  closeSync(): void;
}

/** Frames of a queue that are read in an order of their own: those of one receiver, which wait for no other. */
export type FrameLane = Pick<FrameQueue, "append" | "take" | "settle" | "putBack" | "size">;

/** One bound and one place for all of its lanes. `append` and `take` of the queue itself are those of lane 0. */
export interface LanedQueue extends FrameQueue {
  /** @param lane 0 or more. What an earlier process has left is in lane 0, whichever lane it was in. */
  lane(lane: number): FrameLane;
}
