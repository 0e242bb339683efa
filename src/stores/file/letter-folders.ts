import { DeadLetterDamagedError } from "../../errors/dead-letter-damaged-error.ts";
import { keyHash } from "../../internal/check-key.ts";
import { warnOnce } from "../../internal/warn-once.ts";
import type { LetterRecord } from "../letters/dead-letter-store.ts";
import { FencedFolders } from "./fenced-folders.ts";
import type { Folder } from "./folder-files.ts";
import { bodyOf, headOf, type LetterBody, type LetterHead } from "./letter-text.ts";
import { readAllRecords, readRecord, readRecordFile, type SetAside } from "./read-record.ts";

export const HEAD = "letter.json";
export const BODY = "payload.json";

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

  /** Of a letter whose folder is known and whose id is not. `undefined`: it is gone, or cannot be read. @throws as `all`. */
  async headAt(hash: string): Promise<LetterHead | undefined> {
    return (await this.unlessDamaged(() => this.#find(hash, hash)))?.head;
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
  all(): Promise<readonly FoundLetter[]> {
    return readAllRecords(this.folders, (hash) => this.unlessDamaged(() => this.#find(hash, hash)));
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

  #stable<T>(
    hash: string,
    id: string,
    read: (folder: Folder) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    return readRecord(this.folders, hash, read, this.#setAside(id));
  }

  #read<T>(
    folder: Folder,
    id: string,
    name: string,
    parse: (path: string, text: string) => T,
  ): Promise<T | undefined> {
    return readRecordFile(folder, name, parse, this.#setAside(id));
  }

  #setAside(id: string): SetAside {
    return async (folder, error) => {
      const movedTo = await this.folders.setAside(folder);
      const damage = new DeadLetterDamagedError(this.#queue ?? "", id, error.message, movedTo, error);
      warnOnce(`dead-letter:${folder.hash}`, damage.message);
      throw damage;
    };
  }
}
