import { openDiskQueue } from "./disk/open-disk-queue.ts";
import { SpoolUnusableError } from "./disk/spool-unusable-error.ts";
import type { LanedQueue, QueueListener } from "./frame-queue.ts";
import { MemoryQueue } from "./memory-queue.ts";
import type { Notices } from "./notices.ts";
import type { CheckedOptions } from "./options.ts";

/** Most bytes in memory where a directory cannot be used: its own limit is meant for a disk. */
const MEMORY_BYTES = 64 * 2 ** 20;

/** @throws TypeError on a directory that is a mistake; where it only cannot be used now, spans wait in memory. */
export function openQueue(options: CheckedOptions, listener: QueueListener, notices: Notices): LanedQueue {
  const { directory, maxBytes } = options;
  if (directory === undefined) return new MemoryQueue(maxBytes, listener);
  try {
    return openDiskQueue({ ...options, directory }, listener);
  } catch (error) {
    if (!(error instanceof SpoolUnusableError)) throw error;
    notices.inMemory(error.message);
    return new MemoryQueue(Math.min(maxBytes, MEMORY_BYTES), listener);
  }
}
