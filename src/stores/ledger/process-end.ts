/** What is done when the process ends with something left to do. */
export interface LastWork {
  /** Nothing else keeps the process alive: what this starts still does. Called again when that is done. */
  idle(): void;
  /** The last turn. */
  exit(): void;
}

/** Hears the end of the process, while it is asked to. */
export class ProcessEnd {
  readonly #work: LastWork;

  constructor(work: LastWork) {
    this.#work = work;
  }

  watch(): void {
    process.on("beforeExit", this.#idle);
    process.once("exit", this.#exit);
  }

  unwatch(): void {
    process.off("beforeExit", this.#idle);
    process.off("exit", this.#exit);
  }

  readonly #idle = (): void => this.#work.idle();
  readonly #exit = (): void => this.#work.exit();
}
