import type { DatabaseSync } from "node:sqlite";
import { existsSync } from "../../internal/late-files.ts";
import { openDatabase } from "./open-database.ts";

/** One SQLite file, opened when first used. */
export class SqliteFile {
  readonly path: string;
  #db: DatabaseSync | undefined;

  /** @param path Absolute. */
  constructor(path: string) {
    this.path = path;
  }

  /** To write: makes the file where it is missing. @throws StoreUnusableError, StoreTooNewError. */
  forWriting(): DatabaseSync {
    this.#db ??= openDatabase(this.path);
    return this.#db;
  }

  /** To read: `undefined` where nothing was ever written, and reading makes no file. @throws as `forWriting`. */
  forReading(): DatabaseSync | undefined {
    return this.#db !== undefined || existsSync(this.path) ? this.forWriting() : undefined;
  }

  close(): void {
    const db = this.#db;
    this.#db = undefined;
    db?.close();
  }
}
