import { dirname } from "node:path";
import { StoreUnusableError } from "../../errors/store-unusable-error.ts";
import { closeSync, fsyncSync, mkdirSync, openSync, readSync, statSync } from "../../internal/late-files.ts";

const MAGIC = "SQLite format 3\0";

/** Makes the file (0600) and the folders above it (0700) where they are missing. What is there keeps its mode. */
export function makePrivateFile(path: string): void {
  makeFolder(dirname(path));
  closeSync(openSync(path, "a", 0o600));
  syncFolder(dirname(path));
}

/**
 * Looks at a file before SQLite does, and without changing it.
 *
 * @throws StoreUnusableError where it is a directory, cannot be read, or is something else than a database.
 */
export function checkDatabaseFile(path: string): void {
  if (statSync(path).isDirectory()) throw new StoreUnusableError(path, "is a directory; name a file");
  const head = Buffer.alloc(MAGIC.length);
  const fd = openSync(path, "r");
  try {
    const bytes = readSync(fd, head, 0, head.length, 0);
    // An empty file is a database that nothing was written to.
    if (bytes > 0 && head.toString("latin1") !== MAGIC)
      throw new StoreUnusableError(path, "is not a SQLite database; it was left as it is");
  } finally {
    closeSync(fd);
  }
}

function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined || dirname(path) === path) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have been first.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  syncFolder(dirname(path));
}

/** A name in a folder outlives a power cut only once the folder is written. */
function syncFolder(path: string): void {
  try {
    const fd = openSync(path, "r");
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    // Windows opens no folders, and some file systems sync none.
  }
}
