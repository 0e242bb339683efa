import { checkWhole } from "../../../internal/check-number.ts";
import { type Clock, systemClock } from "../../../internal/clock.ts";
import type { Durability } from "../options.ts";
import { type ProcessIdentity, thisProcess } from "./owner-identity.ts";
import type { FullPolicy } from "./room.ts";

export interface DiskQueueOptions {
  /** Made, with 0700, where there is none. Several processes may share it. */
  readonly directory: string;
  /** When frames are brought to the disk itself: never; within 500 ms, in the background; before `synced()` resolves. */
  readonly durability: Durability;
  /** Most bytes of segment files, adopted ones included. What is set aside in quarantine has 64 MiB of its own. */
  readonly maxBytes: number;
  /** Bytes that stay free on the file system. 0 for none. */
  readonly minFreeBytes: number;
  /** Who goes when there is no room. @default "drop_oldest" */
  readonly policy?: FullPolicy;
  /** Size of a file. At most an eighth of `maxBytes`, since the oldest file goes as a whole. @default 8 MiB */
  readonly segmentBytes?: number;
  readonly clock?: Clock;
  /** Who this is, for tests that play several processes. */
  readonly identity?: ProcessIdentity;
}

export type CheckedDiskQueueOptions = Required<DiskQueueOptions>;

const SEGMENT_BYTES = 8 * 2 ** 20;

/** @throws TypeError or RangeError that names the option, what it allows and the value. */
export function checkedDiskQueueOptions(options: DiskQueueOptions): CheckedDiskQueueOptions {
  const { directory, durability, policy = "drop_oldest", maxBytes } = options;
  if (typeof directory !== "string" || directory.trim() === "" || directory.includes("\0")) {
    throw new TypeError(`durableSpanExporter: directory must be a path, got ${JSON.stringify(directory)}`);
  }
  checkChoice("durability", durability, ["none", "interval", "fsync"]);
  checkChoice("policy", policy, ["drop_oldest", "drop_newest"]);
  checkWhole("durableSpanExporter: maxBytes", maxBytes, 1);
  checkWhole("durableSpanExporter: minFreeBytes", options.minFreeBytes, 0);
  const segmentBytes = options.segmentBytes ?? SEGMENT_BYTES;
  checkWhole("durableSpanExporter: segmentBytes", segmentBytes, 1);
  return {
    ...options,
    policy,
    segmentBytes: Math.min(segmentBytes, Math.ceil(maxBytes / 8)),
    clock: options.clock ?? systemClock,
    identity: options.identity ?? thisProcess(),
  };
}

function checkChoice(name: string, value: unknown, allowed: readonly string[]): void {
  if (allowed.some((each) => each === value)) return;
  throw new TypeError(
    `durableSpanExporter: ${name} must be one of ${allowed.join(", ")}, got ${JSON.stringify(value)}`,
  );
}
