import type { LanedQueue, QueueListener } from "../frame-queue.ts";
import { DiskQueue } from "./disk-queue.ts";
import { checkedDiskQueueOptions, type DiskQueueOptions } from "./disk-queue-options.ts";
import { openPrivateDirectory } from "./private-directory.ts";
import { SpoolUnusableError } from "./spool-unusable-error.ts";

/**
 * Opens a queue of frames on disk. Each queue has a directory of its own inside the given one, so several processes, and several
 * queues of one process, may share that. What dead processes have left in it is taken over now, and once a minute.
 *
 * What was appended survives `kill -9` at once, and a power cut as `durability` says. Frames may come twice after a crash, and
 * are never lost by one.
 *
 * @throws TypeError or RangeError on a mistake: an option's value; a path that is a file or a symbolic link; a directory that
 *   belongs to another user or that others may write to. Nothing was written then.
 * @throws SpoolUnusableError (`code` is "spool_unusable") where the directory cannot be written to as things are now. Never
 *   because of what is in it.
 */
export function openDiskQueue(options: DiskQueueOptions, listener: QueueListener): LanedQueue {
  const checked = checkedDiskQueueOptions(options);
  const root = openPrivateDirectory(checked.directory);
  try {
    return new DiskQueue(root, checked, listener);
  } catch (error) {
    throw new SpoolUnusableError(checked.directory, error);
  }
}
