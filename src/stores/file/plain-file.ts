import type { FileHandle } from "node:fs/promises";
import { open, openFlags } from "../../internal/late-files.ts";
import { codeOf, isAbsent } from "./folders.ts";

// A pipe would be waited for; what a link points to is somebody else's.
const readFlags = () => openFlags("O_RDONLY", "O_NOFOLLOW", "O_NONBLOCK");
const writeFlags = () => openFlags("O_WRONLY", "O_CREAT", "O_EXCL", "O_NOFOLLOW");
/** Of opening what is no plain file: a link, a socket. */
const NO_PLAIN_FILE = ["ELOOP", "ENXIO", "EISDIR"];

/**
 * @param maxBytes A larger file is not read.
 * @returns `undefined`: it is not there.
 * @throws RangeError on a larger one; TypeError where it is a link, a folder or anything else but a file; the error of the file system.
 */
export async function readPlainFile(path: string, maxBytes: number): Promise<string | undefined> {
  const file = await opened(path);
  if (file === undefined) return undefined;
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new TypeError("is no plain file");
    if (stat.size > maxBytes) throw new RangeError(`has ${stat.size} bytes, and ${maxBytes} are allowed`);
    return await firstBytes(file, stat.size);
  } finally {
    await file.close();
  }
}

/** Writes a new file that has reached the disk, its name apart. @throws where there is one already. */
export async function writePlainFile(path: string, text: string): Promise<void> {
  const file = await open(path, writeFlags(), 0o600);
  try {
    await file.writeFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function opened(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, readFlags());
  } catch (error) {
    if (isAbsent(error)) return undefined;
    if (NO_PLAIN_FILE.includes(codeOf(error))) throw new TypeError("is no plain file", { cause: error });
    throw error;
  }
}

/** No more than it had when it was measured. */
async function firstBytes(file: FileHandle, size: number): Promise<string> {
  const bytes = Buffer.alloc(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await file.read(bytes, filled, size - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.toString("utf8", 0, filled);
}
