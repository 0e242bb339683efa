import type { After } from "../../internal/timers.ts";

/** How long a decision of the store may take. */
const ANSWER_MS = 3_000;
/** After a failure the store is left alone that long; then one call tries it. */
const REST_MS = 1_000;

export interface StoreGuardOptions {
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly after: After;
  readonly failed: (error: unknown) => void;
}

/** Keeps a store that cannot be reached from costing every call its time limit. */
export class StoreGuard {
  readonly #options: StoreGuardOptions;
  #restUntilMs = Number.NEGATIVE_INFINITY;
  #failure: unknown;
  #isTrying = false;

  constructor(options: StoreGuardOptions) {
    this.#options = options;
  }

  /** Milliseconds until the store is tried again; 0 where it works, or is being tried. */
  get restMs(): number {
    return Math.max(0, Math.ceil(this.#restUntilMs - this.#options.nowMs()));
  }

  /** @throws What the store threw, now or when it was asked last. */
  async ask<T>(request: () => Promise<T>): Promise<T> {
    if (this.#failure === undefined) return this.#tried(request);
    if (this.#isTrying || this.restMs > 0) throw this.#failure;
    this.#isTrying = true;
    try {
      return await this.#tried(request);
    } finally {
      this.#isTrying = false;
    }
  }

  async #tried<T>(request: () => Promise<T>): Promise<T> {
    try {
      const answer = await this.#limited(request());
      this.#failure = undefined;
      return answer;
    } catch (error) {
      this.#failure = error ?? new Error("the store failed and did not say why");
      this.#restUntilMs = this.#options.nowMs() + REST_MS;
      this.#options.failed(error);
      throw this.#failure;
    }
  }

  /** Holds the process: whoever waits for the answer wants it. */
  #limited<T>(request: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const tooLate = (): void => reject(new Error(`no answer within ${ANSWER_MS} ms`));
      const cancel = this.#options.after(ANSWER_MS, tooLate, true);
      request.then(resolve, reject).finally(cancel);
    });
  }
}
