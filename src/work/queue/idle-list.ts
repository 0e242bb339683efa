/** Those who wait until there is nothing to do. Told in a turn of the event loop of its own: after all who wait for the last results. */
export class IdleList {
  readonly #isIdle: () => boolean;
  #waiting: (() => void)[] = [];
  #willTell = false;

  constructor(isIdle: () => boolean) {
    this.#isIdle = isIdle;
  }

  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.tell();
    });
  }

  /** Something has ended. */
  tell(): void {
    if (this.#waiting.length === 0 || this.#willTell || !this.#isIdle()) return;
    this.#willTell = true;
    setImmediate(() => this.#tellNow());
  }

  #tellNow(): void {
    this.#willTell = false;
    // Somebody may have come in the meantime, and will tell when that is over.
    if (!this.#isIdle()) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
