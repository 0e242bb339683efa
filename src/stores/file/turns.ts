/** Lets what is done under one name be done in turn. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** @returns What `work` returns. @throws what it throws. */
  take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(name) ?? Promise.resolve()).then(work);
    const over = turn
      .catch(() => {})
      .then(() => {
        if (this.#last.get(name) === over) this.#last.delete(name);
      });
    this.#last.set(name, over);
    return turn;
  }

  /** Once nothing is done any more that was begun before. */
  async idle(): Promise<void> {
    await Promise.all(this.#last.values());
  }
}
