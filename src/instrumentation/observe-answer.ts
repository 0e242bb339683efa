import type { ModelCall } from "../agent/model-call.ts";
import { isThenable } from "../agent/streams/follow-thenable.ts";
import { endWithGarbage } from "../agent/streams/garbage.ts";
import { reportFailure, safely } from "../internal/warn-once.ts";
import type { Endpoint } from "./endpoint.ts";
import { observeStream } from "./observe-stream.ts";

/** What the promise of a Stainless-made client (openai, Anthropic) has beside `then`. */
interface ApiPromise extends PromiseLike<unknown> {
  responsePromise: Promise<unknown>;
  parseResponse: (client: unknown, props: unknown) => Promise<unknown>;
  asResponse?: () => Promise<unknown>;
}

function isApiPromise(value: object): value is ApiPromise {
  const { responsePromise, parseResponse } = value as Partial<ApiPromise>;
  return responsePromise instanceof Promise && typeof parseResponse === "function";
}

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
  try {
    if (typeof result !== "object" || result === null) call.end();
    else if (isApiPromise(result)) observeApiPromise(result, call, endpoint, changed, name);
    else if (isThenable(result)) {
      result.then(
        (answer) => finish(answer, call, endpoint, changed, name),
        (error: unknown) => call.fail(error),
      );
    } else finish(result, call, endpoint, changed, name);
  } catch (error) {
    reportFailure(`watching an answer of ${name}`, error);
    call.end();
  }
  return result;
}

function observeApiPromise(
  promise: ApiPromise,
  call: ModelCall,
  endpoint: Endpoint,
  changed: boolean,
  name: string,
): void {
  let parsed = false;
  let release = (): void => {};
  const { parseResponse, asResponse } = promise;
  // Put in its place, not beside it: a rejection is unhandled exactly when the caller leaves it so.
  promise.responsePromise = promise.responsePromise.then(
    (response) => {
      // Whoever never awaits the promise never has the body read.
      release = endWithGarbage(promise, call, name);
      return response;
    },
    (error: unknown) => {
      call.fail(error);
      throw error;
    },
  );
  promise.parseResponse = async function (this: unknown, client, props) {
    parsed = true;
    release();
    let answer: unknown;
    try {
      answer = await Reflect.apply(parseResponse, this, [client, props]);
    } catch (error) {
      call.fail(error);
      throw error;
    }
    finish(answer, call, endpoint, changed, name);
    return answer;
  };
  if (typeof asResponse !== "function") return;
  const observed = async function (this: unknown): Promise<unknown> {
    const response = await Reflect.apply(asResponse, this, []);
    // Somebody who takes the raw response alone reads the body out of our sight.
    if (!parsed) {
      release();
      call.end();
    }
    return response;
  };
  Object.defineProperty(promise, "asResponse", { value: observed, configurable: true, writable: true });
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
