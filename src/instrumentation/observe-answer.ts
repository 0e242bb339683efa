import { AsyncLocalStorage } from "node:async_hooks";
import type { ModelCall } from "../agent/model-call.ts";
import { followNativePromise, isNativePromise } from "../agent/streams/follow-native-promise.ts";
import { isThenable } from "../agent/streams/follow-thenable.ts";
import { reportFailure, safely } from "../internal/warn-once.ts";
import { type AnswerWatch, isApiPromise, observeApiPromise } from "./api-promise.ts";
import type { Endpoint } from "./endpoint.ts";
import { field } from "./fields.ts";
import { isResponsePromise, observeResponsePromise } from "./observe-response-promise.ts";
import { isStream, observeStream } from "./observe-stream.ts";

/** An answer that is to come, and who wants to know of it. */
export interface Awaited {
  readonly call: ModelCall;
  readonly endpoint: Endpoint;
  /** What the endpoint's `prepare` said. */
  readonly changed: boolean;
  readonly name: string;
}

type Callback = (this: unknown, error: unknown, answer?: unknown) => unknown;

/**
 * Watches a client's answer. A promise of the client's own class stays the same object, and nothing is asked of it that the
 * caller does not ask: the step that brings its answer is wrapped, so that `await`, `.withResponse()`, `.parse()` and helpers
 * are all seen, and the body is read once, by the client. For a plain promise another one stands in.
 */
export function observeAnswer(result: unknown, awaited: Awaited): unknown {
  const { call, name } = awaited;
  const takeInPlace = (answer: unknown): void => void finish(answer, awaited, true);
  const take = (answer: unknown): unknown => finish(answer, awaited, false);
  try {
    if (typeof result !== "object" || result === null) call.end();
    else if (isApiPromise(result)) observeApiPromise(result, apiWatch(awaited, takeInPlace));
    else if (isResponsePromise(result)) observeResponsePromise(result, call, take);
    else if (isNativePromise(result)) return followNativePromise(result, call, take);
    else if (isThenable(result)) result.then(takeInPlace, (error: unknown) => call.fail(error));
    else return take(result);
  } catch (error) {
    reportFailure(`watching an answer of ${name}`, error);
    call.end();
  }
  return result;
}

function apiWatch({ call, endpoint, changed, name }: Awaited, take: (answer: unknown) => void): AnswerWatch {
  return { call, take, reader: () => endpoint.streamReader(changed), changed, name };
}

/** The same for an answer that comes to a function of the caller's, which runs outside of the call. */
export function observeCallback(callback: Callback, awaited: Awaited): Callback {
  const inCaller = AsyncLocalStorage.snapshot();
  return function (error, ...rest) {
    if (error) awaited.call.fail(error);
    else if (rest.length > 0) rest[0] = finish(rest[0], awaited, false);
    else awaited.call.end();
    return inCaller(() => Reflect.apply(callback, this, [error, ...rest]));
  };
}

/**
 * @param inPlace Whether the answer has been handed out already, so that nothing can stand in for it.
 * @returns The answer, or what stands in for it. Never throws.
 */
function finish(answer: unknown, awaited: Awaited, inPlace: boolean): unknown {
  const { call, endpoint, changed, name } = awaited;
  try {
    const { streamField } = endpoint;
    const stream = streamField === undefined ? answer : field(answer, streamField);
    if (isStream(stream)) {
      const reader = endpoint.streamReader(changed);
      const followed = observeStream(stream, { call, reader, name }, inPlace);
      if (streamField === undefined) return followed;
      if (followed !== stream) (answer as Record<string, unknown>)[streamField] = followed;
      return answer;
    }
    safely(`reading an answer of ${name}`, () => endpoint.answer(call, answer));
  } catch (error) {
    reportFailure(`reading an answer of ${name}`, error);
  }
  call.end();
  return answer;
}
