import { join } from "node:path";
import { DeadLetterDamagedError } from "../../errors/dead-letter-damaged-error.ts";
import { StoreTooNewError } from "../../errors/store-too-new-error.ts";
import { keyHash } from "../../internal/check-key.ts";
import { warnOnce } from "../../internal/warn-once.ts";
import type { LetterRecord } from "../letters/dead-letter-store.ts";
import { FencedFolders, type Folder } from "./fenced-folders.ts";
import {
  BODY_BYTES,
  bodyOf,
  HEAD_BYTES,
  headOf,
  LETTER_VERSION,
  type LetterHead,
  newerVersion,
} from "./letter-text.ts";

export const HEAD = "letter.json";
export const BODY = "payload.json";

/** What the file system says of something that is no file of ours. */
const ODD_CODES = ["ELOOP", "EISDIR", "ENXIO"];
/** Letters that are read at once. */
const AT_ONCE = 16;
const LOOKS = 20;

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

  /** @throws DeadLetterDamagedError, StoreTooNewError, what the file system says. */
  find(id: string): Promise<FoundLetter | undefined> {
    return this.#find(keyHash(id), id);
  }

  /** `undefined`: another one has taken the folder. @throws as `find`. */
  head(folder: Folder, id = folder.hash): Promise<LetterHead | undefined> {
    return this.#read(folder, id, HEAD, HEAD_BYTES, (text) => {
      const head = headOf(text);
      if (keyHash(head.id) !== folder.hash) throw new TypeError("it is the letter of another folder");
      if (this.#queue !== undefined && head.queue !== this.#queue)
        throw new TypeError("it is a letter of another queue");
      return head;
    });
  }

  /** With its payload. `undefined`: it is gone. @throws as `find`. */
  async whole({ folder, head }: FoundLetter): Promise<LetterRecord | undefined> {
    for (let at: Folder | undefined = folder, look = 1; at !== undefined && look <= LOOKS; look += 1) {
      const body = await this.#read(at, head.id, BODY, BODY_BYTES, bodyOf);
      if (body !== undefined) return { ...head, ...body };
      const now: Folder | undefined = await this.folders.find(folder.hash);
      if (now?.epoch === at.epoch) await this.#damaged(now, head.id, new TypeError(`${BODY} is missing`));
      at = now;
    }
    return undefined;
  }

  /** All that can be read, in no order. */
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

  /** As the letters have it. */
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

  async #find(hash: string, id: string): Promise<FoundLetter | undefined> {
    let last: number | undefined;
    for (let look = 1; look <= LOOKS; look += 1) {
      const folder = await this.folders.find(hash);
      if (folder === undefined) return undefined;
      const head = await this.head(folder, id);
      if (head !== undefined) return { folder, head };
      if (last === folder.epoch) await this.#damaged(folder, id, new TypeError(`${HEAD} is missing`));
      last = folder.epoch;
    }
    return undefined;
  }

  async #read<T>(
    folder: Folder,
    id: string,
    file: string,
    maxBytes: number,
    parse: (text: string) => T,
  ): Promise<T | undefined> {
    let text: string | undefined;
    try {
      text = await this.folders.text(folder, file, maxBytes);
      return text === undefined ? undefined : parse(text);
    } catch (error) {
      if (!isDamage(error)) throw error;
      const newer = text === undefined ? undefined : newerVersion(text);
      if (newer !== undefined) throw new StoreTooNewError(join(folder.path, file), newer, LETTER_VERSION);
      return this.#damaged(folder, id, error);
    }
  }

  async #damaged(folder: Folder, id: string, error: unknown): Promise<never> {
    const movedTo = await this.folders.setAside(folder);
    const queue = this.#queue ?? "";
    const reason = error instanceof Error ? error.message : String(error);
    const damage = new DeadLetterDamagedError(queue, id, reason, movedTo, error);
    warnOnce(`dead-letter:${folder.hash}`, damage.message);
    throw damage;
  }
}

function isDamage(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) return true;
  return ODD_CODES.includes((error as NodeJS.ErrnoException).code ?? "");
}
