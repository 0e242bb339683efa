import { join, resolve } from "node:path";
import type { CheckpointStore } from "../checkpoints/checkpoint-store.ts";
import type { DeadLetterStore } from "../letters/dead-letter-store.ts";
import { fileCheckpoints } from "./file-checkpoints.ts";
import { fileLetters } from "./file-letters.ts";

/** What the processes of one machine keep in a folder. */
export interface FileStore {
  /** The folder. */
  readonly name: string;
  /** Checkpoints of workflows. */
  readonly checkpoints: CheckpointStore;
  /** Dead letters. */
  readonly deadLetters: DeadLetterStore;
  /** Holds nothing open. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Checkpoints and dead letters as files, for a program that wants no database. Each commit reaches the disk. The file system must be a
 * local one that knows hard links and atomic renames.
 *
 * @param directory Made when first written to, for this user alone (0700; files 0600).
 * @throws TypeError on what is no path.
 */
export function fileStore(directory: string): FileStore {
  if (typeof directory !== "string" || directory.trim() === "" || directory.includes("\0"))
    throw new TypeError(
      `fileStore: directory must be the path of a folder, got ${JSON.stringify(directory)}`,
    );
  const root = resolve(directory);
  return {
    name: root,
    checkpoints: fileCheckpoints(join(root, "checkpoints")),
    deadLetters: fileLetters(join(root, "dead-letters")),
    async close() {},
  };
}
