import type { Verdict } from "./version.ts";

/** Keeps a field from being read. */
export interface Block extends Verdict {
  readonly field: string;
  /** The node that wrote what is bad; `undefined` where no protected node did. */
  readonly node: string | undefined;
  /** Its place in the run: only a run of a node that begins after it may end it. */
  readonly order: number;
  /** Monotonic milliseconds. From then on the last good version is read, or null. */
  readonly untilMs: number;
  /** Whether a newer good write, or a person, has ended it. */
  released: boolean;
}

/** What readers are told of a field that they may not read. */
export interface QuarantineMeta extends Verdict {
  readonly field: string;
  /** The node that wrote it, where a protected node did. */
  readonly node?: string;
  /** Milliseconds since the epoch: when the block ends, after which the last good version is read, or null. */
  readonly until: number;
}
