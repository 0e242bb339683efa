import { endWithGarbage } from "../agent/streams/garbage.ts";
import { observeRawResponse } from "./raw-response.ts";
import { type Awaited, takeAnswer } from "./take-answer.ts";

/** One answer, which several promises may bring: helpers make another of the first with `_thenUnwrap`. */
export class AwaitedAnswer {
  readonly #awaited: Awaited;
  #parsing = false;
  #taken = false;
  #release: (() => void) | undefined;

  constructor(awaited: Awaited) {
    this.#awaited = awaited;
  }

  /** Whoever never awaits the promise never has the body read. To wait for garbage costs 8 µs, so only where nobody awaits yet. */
  responded(promise: { readonly parsedPromise?: Promise<unknown> }): void {
    const { call, name } = this.#awaited;
    const awaited = this.#parsing || promise.parsedPromise !== undefined;
    if (!call.ended && !awaited) this.#release = endWithGarbage(promise, call, name);
  }

  /** @param step The client's own, which is async. */
  parse(step: (...args: unknown[]) => unknown, self: unknown, args: unknown[]): Promise<unknown> {
    this.#parsing = true;
    this.#release?.();
    return Promise.resolve(Reflect.apply(step, self, args)).then(
      (answer) => {
        this.take(answer);
        return answer;
      },
      (error: unknown) => {
        this.#awaited.call.fail(error);
        throw error;
      },
    );
  }

  take(answer: unknown): void {
    if (this.#taken) return;
    this.#taken = true;
    takeAnswer(answer, this.#awaited, true);
  }

  /** Somebody takes the raw response alone, and reads its body without the client. */
  takenRaw(response: unknown): void {
    if (this.#parsing) return;
    this.#release?.();
    const { call } = this.#awaited;
    if (call.ended) return;
    if (!observeRawResponse(response, this.#awaited)) call.end();
  }
}
