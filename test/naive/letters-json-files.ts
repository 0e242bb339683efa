import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface NaiveLetter {
  readonly id: string;
  readonly payload: unknown;
  resolved: boolean;
}

/** The mistake: a letter is a file that is written in place, with no claim on it. What one process does, another one does as well. */
export class JsonFileLetters {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  async add(payload: unknown): Promise<void> {
    this.#persist({ id: `dl-${randomUUID()}`, payload, resolved: false });
  }

  list(): readonly NaiveLetter[] {
    return readdirSync(this.#folder).flatMap((name) => {
      try {
        return [JSON.parse(readFileSync(join(this.#folder, name), "utf8")) as NaiveLetter];
      } catch {
        return [];
      }
    });
  }

  async replay(letter: NaiveLetter, handler: (payload: unknown) => Promise<void>): Promise<void> {
    const now = this.list().find(({ id }) => id === letter.id);
    if (now === undefined || now.resolved) return;
    await handler(now.payload);
    this.#persist({ ...now, resolved: true });
  }

  #persist(letter: NaiveLetter): void {
    writeFileSync(join(this.#folder, `${letter.id}.json`), JSON.stringify(letter, null, 2));
  }
}
