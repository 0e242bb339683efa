import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Steps of a run as JSON in one file that is written over, and never synced. */
export class CheckpointInPlace {
  readonly #directory: string;
  readonly #path: string;

  constructor(directory: string) {
    this.#directory = directory;
    this.#path = join(directory, "run.json");
  }

  /** @throws where the file is damaged. */
  async steps(): Promise<readonly number[]> {
    try {
      return JSON.parse(await readFile(this.#path, "utf8")) as number[];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  }

  async commit(seq: number): Promise<void> {
    const steps = [...(await this.steps()), seq];
    await mkdir(this.#directory, { recursive: true });
    const file = await open(this.#path, 0o1101, 0o600);
    await file.writeFile(JSON.stringify(steps, null, 2));
    await file.close();
  }
}
