import { join } from "node:path";
import { StoreUnusableError } from "../../errors/store-unusable-error.ts";
import { lstat, unlink, utimes } from "../../internal/late-files.ts";
import { codeOf, isAbsent, isFolder, makeFolder, namesIn, syncFolder } from "./folders.ts";
import { writePlainFile } from "./plain-file.ts";

const HASH = /^[0-9a-f]{64}$/;
/** Who asks marks the letter first and writes the request then: a mark without one may be of somebody who is just about to. */
const FRESH_MS = 60_000;

/**
 * Marks the letters of a queue whose replay was asked for, so that a look for them reads those and not all. A mark is a hint, and what holds
 * stands in the letter.
 */
export class AskedLetters {
  readonly #path: string;

  /** @param root Of the queue's letters. */
  constructor(root: string) {
    this.#path = join(root, ".asked");
  }

  /** Hashes of the letters. */
  async list(): Promise<readonly string[]> {
    return (await namesIn(this.#path)).filter((name) => HASH.test(name));
  }

  /** Has reached the disk when it resolves. */
  async mark(hash: string): Promise<void> {
    await makeFolder(this.#path);
    if (!(await isFolder(this.#path)))
      throw new StoreUnusableError(this.#path, "is no folder; it was left as it is");
    const path = join(this.#path, hash);
    try {
      await writePlainFile(path, "");
      await syncFolder(this.#path);
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
      await this.#orGone(() => utimes(path, new Date(), new Date()));
    }
  }

  /** Takes off a mark that nobody has set just now. */
  async unmark(hash: string): Promise<void> {
    const path = join(this.#path, hash);
    await this.#orGone(async () => {
      const { mtimeMs } = await lstat(path);
      if (Math.abs(Date.now() - mtimeMs) > FRESH_MS) await unlink(path);
    });
  }

  async #orGone(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  }
}
