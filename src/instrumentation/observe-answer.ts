import { AsyncLocalStorage } from "node:async_hooks";
import { followNativePromise, isNativePromise } from "../agent/streams/follow-native-promise.ts";
import { isThenable } from "../agent/streams/follow-thenable.ts";
import { reportFailure } from "../internal/warn-once.ts";
import { isApiPromise } from "./api-promise.ts";
import { observeApiPromise } from "./observe-api-promise.ts";
import { isResponsePromise, observeResponsePromise } from "./observe-response-promise.ts";
import { type Awaited, takeAnswer } from "./take-answer.ts";

type Callback = (this: unknown, error: unknown, answer?: unknown) => unknown;

/**
 * Watches a client's answer. A promise of the client's own class stays the same object, and nothing is asked of it that the
 * caller does not ask: the step that brings its answer is wrapped, so that `await`, `.withResponse()`, `.parse()` and helpers
 * are all seen, and the body is read once, by the client. For a plain promise another one stands in.
 */
export function observeAnswer(result: unknown, awaited: Awaited): unknown {
  const { call, name } = awaited;
  try {
    if (typeof result !== "object" || result === null) {
      call.end();
      return result;
    }
    if (isApiPromise(result)) {
      observeApiPromise(result, awaited);
      return result;
    }
    const take = (answer: unknown): unknown => takeAnswer(answer, awaited, false);
    if (isResponsePromise(result)) observeResponsePromise(result, call, take);
    else if (isNativePromise(result)) return followNativePromise(result, call, take);
    else if (isThenable(result)) {
      result.then(
        (answer) => takeAnswer(answer, awaited, true),
        (error: unknown) => call.fail(error),
      );
    } else return take(result);
  } catch (error) {
    reportFailure(`watching an answer of ${name}`, error);
    call.end();
  }
  return result;
}

/** The same for an answer that comes to a function of the caller's, which runs outside of the call. */
export function observeCallback(callback: Callback, awaited: Awaited): Callback {
  const inCaller = AsyncLocalStorage.snapshot();
  return function (error, ...rest) {
    if (error) awaited.call.fail(error);
    else if (rest.length > 0) rest[0] = takeAnswer(rest[0], awaited, false);
    else awaited.call.end();
    return inCaller(() => Reflect.apply(callback, this, [error, ...rest]));
  };
}
