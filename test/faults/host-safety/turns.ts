/** Lets two programs work at a time, and one alone where it is measured again. */
export class Turns {
  readonly #places: number;
  readonly #waiting: { readonly places: number; readonly enter: () => void }[] = [];
  #taken = 0;

  constructor(places = 2) {
    this.#places = places;
  }

  /** @returns Gives the turn back; may be called twice. */
  async take(places = 1): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ places, enter: resolve });
    this.#next();
    await promise;
    let taken = true;
    return () => {
      if (!taken) return;
      taken = false;
      this.#taken -= places;
      this.#next();
    };
  }

  /** All of them at once. */
  takeAll(): Promise<() => void> {
    return this.take(this.#places);
  }

  #next(): void {
    const [first] = this.#waiting;
    if (first === undefined || this.#taken + first.places > this.#places) return;
    this.#waiting.shift();
    this.#taken += first.places;
    first.enter();
    this.#next();
  }
}
