import { mkdirSync, readdirSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The obvious way to hand a wish to another process: a file for each, which is taken away and then done. */
export class ReplayFlags {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
  }

  ask(id: string): void {
    writeFileSync(join(this.#directory, id), "");
  }

  list(): readonly string[] {
    return readdirSync(this.#directory);
  }

  async serve(work: (id: string) => Promise<void>): Promise<void> {
    for (const id of this.list()) {
      try {
        unlinkSync(join(this.#directory, id));
      } catch {
        continue;
      }
      // Who is killed here has the only copy of the wish.
      await work(id);
    }
  }
}
