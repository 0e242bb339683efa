import type { DatabaseSync } from "node:sqlite";
import type { After } from "../../internal/timers.ts";
import type { SqliteFile } from "./sqlite-file.ts";

const POLL_MS = 250;

/** Notices that another connection has written to the file, at the cost of reading one number four times a second. */
export class ChangeWatch {
  readonly #file: SqliteFile;
  readonly #after: After;
  #cancel: (() => void) | undefined;
  #version: unknown;

  constructor(file: SqliteFile, after: After) {
    this.#file = file;
    this.#after = after;
  }

  /** @param changed Called once for any number of changes. */
  start(changed: () => void): void {
    this.#cancel?.();
    this.#cancel = this.#after(
      POLL_MS,
      () => {
        if (this.#hasChanged()) changed();
        this.start(changed);
      },
      false,
    );
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #hasChanged(): boolean {
    const before = this.#version;
    this.#version = versionOf(this.#file);
    return this.#version !== before;
  }
}

/** Of a file that cannot be read: nobody can say whether it has changed, and whoever uses it finds out why. */
function versionOf(file: SqliteFile): unknown {
  try {
    const db: DatabaseSync | undefined = file.forReading();
    return db?.prepare("PRAGMA data_version").get()?.["data_version"];
  } catch {
    return undefined;
  }
}
