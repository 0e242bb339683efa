import { mkdir, readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

interface Checkpoint {
  readonly stepIndex: number;
  readonly state: object;
}

/**
 * Checkpoints as one would write them on an afternoon: the whole state in a JSON file, written over in place after each step. A kill while it
 * is written leaves half a file, which is taken for none; and nobody owns a run.
 */
export class NaiveWorkflow {
  readonly #directory: string;
  readonly #kept: (seq: number) => void;
  readonly #steps: { readonly name: string; readonly handler: () => Promise<object> }[] = [];
  onSave: (seq: number) => void = () => {};

  /** @param kept Told after each save. */
  constructor(directory: string, kept: (seq: number) => void) {
    this.#directory = directory;
    this.#kept = kept;
  }

  addStep(name: string, handler: () => Promise<object>): void {
    this.#steps.push({ name, handler });
  }

  async execute(id: string): Promise<object> {
    const found = await this.#load(id);
    let state = found?.state ?? {};
    for (let i = found === undefined ? 0 : found.stepIndex + 1; i < this.#steps.length; i++) {
      state = { ...state, ...(await this.#steps[i]!.handler()) };
      await this.#save(id, { stepIndex: i, state });
      this.#kept(i);
    }
    await unlink(this.#path(id)).catch(() => {});
    return state;
  }

  async #save(id: string, checkpoint: Checkpoint): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    const saved = writeFile(this.#path(id), JSON.stringify(checkpoint, null, 2));
    this.onSave(checkpoint.stepIndex);
    await saved;
  }

  async #load(id: string): Promise<Checkpoint | undefined> {
    try {
      return JSON.parse(await readFile(this.#path(id), "utf8")) as Checkpoint;
    } catch {
      return undefined;
    }
  }

  #path(id: string): string {
    return join(this.#directory, `${id}.json`);
  }
}
