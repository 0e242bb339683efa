interface Request<T> {
  readonly priority: number;
  readonly task: () => Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The queue as one writes it first: a list in the order of priority, without a bound, an age or a way to give up. As the heap that it
 * stands for, it says nothing about equals, and takes the last that came.
 */
export class StrictQueue {
  readonly #concurrency: number;
  readonly #waiting: Request<unknown>[] = [];
  #running = 0;

  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  get size(): number {
    return this.#waiting.length;
  }

  add<T>(task: () => Promise<T>, { priority = 5 }: { readonly priority?: number } = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const before = this.#waiting.findIndex((request) => priority <= request.priority);
      const request = { priority, task, resolve, reject } as Request<unknown>;
      this.#waiting.splice(before === -1 ? this.#waiting.length : before, 0, request);
      this.#next();
    });
  }

  #next(): void {
    if (this.#running >= this.#concurrency) return;
    const request = this.#waiting.shift();
    if (request === undefined) return;
    this.#running += 1;
    request
      .task()
      .then(request.resolve, request.reject)
      .finally(() => {
        this.#running -= 1;
        this.#next();
      });
  }
}
