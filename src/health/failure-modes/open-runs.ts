/** What can be told that nobody looks at it any more. */
export interface Droppable {
  drop(): void;
}

/** Runs that have not ended, the least recently active first. Past the limit that one is dropped: it may never end. */
export class OpenRuns<R extends Droppable> {
  readonly #runs = new Set<R>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#runs.size;
  }

  touch(run: R): void {
    this.#runs.delete(run);
    this.#runs.add(run);
    if (this.#runs.size <= this.#max) return;
    for (const oldest of this.#runs) {
      this.end(oldest);
      break;
    }
  }

  end(run: R): void {
    if (this.#runs.delete(run)) run.drop();
  }

  endAll(): void {
    for (const run of [...this.#runs]) this.end(run);
  }
}
