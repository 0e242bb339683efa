import type { ModelCall } from "../agent/model-call.ts";
import { isThenable } from "../agent/streams/follow-thenable.ts";
import { reportFailure, safely } from "../internal/warn-once.ts";
import { isApiPromise, observeApiPromise } from "./api-promise.ts";
import type { Endpoint } from "./endpoint.ts";
import { observeStream } from "./observe-stream.ts";

/**
 * Watches a client's answer. The promise stays the same object, and nothing is asked of it that the caller does not ask: its
 * parse step is wrapped, so that `await`, `.withResponse()`, `.parse()` and helpers built on `create` are all seen, and the
 * body is read once, by the client.
 */
export function observeAnswer(
  result: unknown,
  call: ModelCall,
  endpoint: Endpoint,
  changed: boolean,
  name: string,
): unknown {
  const take = (answer: unknown): void => finish(answer, call, endpoint, changed, name);
  try {
    if (typeof result !== "object" || result === null) call.end();
    else if (isApiPromise(result)) observeApiPromise(result, { call, take, name });
    else if (isThenable(result)) result.then(take, (error: unknown) => call.fail(error));
    else take(result);
  } catch (error) {
    reportFailure(`watching an answer of ${name}`, error);
    call.end();
  }
  return result;
}

function finish(answer: unknown, call: ModelCall, endpoint: Endpoint, changed: boolean, name: string): void {
  try {
    if (observeStream(answer, call, endpoint.streamReader(changed), name)) return;
    safely(`reading an answer of ${name}`, () => endpoint.answer(call, answer));
  } catch (error) {
    reportFailure(`reading an answer of ${name}`, error);
  }
  call.end();
}
