import { join } from "node:path";
import { DeadLetterDamagedError } from "../../errors/dead-letter-damaged-error.ts";
import { keyHash } from "../../internal/check-key.ts";
import { warnOnce } from "../../internal/warn-once.ts";
import type { LetterRecord } from "../letters/dead-letter-store.ts";
import { FencedFolders, type Folder } from "./fenced-folders.ts";
import { bodyOf, headOf, type LetterBody, type LetterHead, MAX_FILE_BYTES } from "./letter-text.ts";

export const HEAD = "letter.json";
export const BODY = "payload.json";

/** How often a letter is looked for that changes hands while it is read, and how often a file of it must be missing. */
const LOOKS = 100;
const MISSES = 3;
/** Letters that are read at once. */
const AT_ONCE = 16;

export interface FoundLetter {
  readonly folder: Folder;
  readonly head: LetterHead;
}

/** The letters of one queue as they stand in their folders. What cannot be read is set aside, and said. */
export class LetterFolders {
  readonly folders: FencedFolders;
  readonly #queue: string | undefined;

  /** @param queue Its name; `undefined`: not known. */
  constructor(root: string, queue: string | undefined) {
    this.folders = new FencedFolders(root);
    this.#queue = queue;
  }

  /** @throws DeadLetterDamagedError, StoreTooNewError; what the file system says. */
  find(id: string): Promise<FoundLetter | undefined> {
    return this.#find(keyHash(id), id);
  }

  /** `undefined`: another one has taken the folder. @throws as `find`. */
  head(folder: Folder, id = folder.hash): Promise<LetterHead | undefined> {
    return this.#read(folder, id, HEAD, (path, text) => {
      const head = headOf(path, text);
      if (keyHash(head.id) !== folder.hash) throw new TypeError("it is the letter of another folder");
      if (this.#queue !== undefined && head.queue !== this.#queue)
        throw new TypeError("it is a letter of another queue");
      return head;
    });
  }

  /** With its payload. `undefined`: it is gone. @throws as `find`. */
  async whole({ folder, head }: FoundLetter): Promise<LetterRecord | undefined> {
    const body = await this.#stable<LetterBody>(folder.hash, head.id, (now) =>
      this.#read(now, head.id, BODY, bodyOf),
    );
    return body && { ...head, ...body };
  }

  /** All that can be read, in no order. @throws StoreTooNewError; what the file system says. */
  async all(): Promise<readonly FoundLetter[]> {
    const hashes = await this.folders.list();
    const found: FoundLetter[] = [];
    for (let first = 0; first < hashes.length; first += AT_ONCE) {
      const some = hashes
        .slice(first, first + AT_ONCE)
        .map((hash) => this.unlessDamaged(() => this.#find(hash, hash)));
      found.push(...(await Promise.all(some)).filter((letter) => letter !== undefined));
    }
    return found;
  }

  /** As the letters have it. @throws as `all`. */
  async queueName(): Promise<string | undefined> {
    for (const hash of await this.folders.list()) {
      const found = await this.unlessDamaged(() => this.#find(hash, hash));
      if (found !== undefined) return found.head.queue;
    }
    return undefined;
  }

  /** What cannot be read has been said, and others go on. */
  async unlessDamaged<T>(read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof DeadLetterDamagedError) return undefined;
      throw error;
    }
  }

  #find(hash: string, id: string): Promise<FoundLetter | undefined> {
    return this.#stable(hash, id, async (folder) => {
      const head = await this.head(folder, id);
      return head && { folder, head };
    });
  }

  /** Looks again where the folder was taken meanwhile. A file that is missing each time from the same one is lost. */
  async #stable<T>(
    hash: string,
    id: string,
    read: (folder: Folder) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    let [last, misses] = ["", 0];
    for (let look = 0; look < LOOKS; look++) {
      const folder = await this.folders.find(hash);
      if (folder === undefined) return undefined;
      const found = folder.epoch === 0 ? undefined : await read(folder);
      if (found !== undefined) return found;
      misses = folder.path === last ? misses + 1 : 1;
      last = folder.path;
      if (misses >= MISSES) await this.#damaged(folder, id, new TypeError("a file of it is missing"));
    }
    throw new Error(
      `the letter in ${join(this.folders.root, hash)} changes hands faster than it can be read`,
    );
  }

  async #read<T>(
    folder: Folder,
    id: string,
    name: string,
    parse: (path: string, text: string) => T,
  ): Promise<T | undefined> {
    try {
      const text = await this.folders.text(folder, name, MAX_FILE_BYTES);
      return text === undefined ? undefined : parse(join(folder.path, name), text);
    } catch (error) {
      if (!isDamage(error)) throw error;
      return this.#damaged(folder, id, error);
    }
  }

  async #damaged(folder: Folder, id: string, error: unknown): Promise<never> {
    const movedTo = await this.folders.setAside(folder);
    const reason = error instanceof Error ? error.message : String(error);
    const damage = new DeadLetterDamagedError(this.#queue ?? "", id, reason, movedTo, error);
    warnOnce(`dead-letter:${folder.hash}`, damage.message);
    throw damage;
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;
}
