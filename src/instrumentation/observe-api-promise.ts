import type { ApiPromise } from "./api-promise.ts";
import { mark, observeSteps } from "./api-promise-steps.ts";
import { AwaitedAnswer } from "./awaited-answer.ts";
import type { Awaited } from "./take-answer.ts";

export function observeApiPromise(promise: ApiPromise, awaited: Awaited): void {
  const answer = new AwaitedAnswer(awaited);
  // Put in its place, not beside it: a rejection is unhandled exactly when the caller leaves it so.
  promise.responsePromise = promise.responsePromise.then(
    (response) => {
      answer.responded(promise);
      return response;
    },
    (error: unknown) => {
      awaited.call.fail(error);
      throw error;
    },
  );
  mark(promise.responsePromise, answer);
  observeSteps(promise, answer);
}
