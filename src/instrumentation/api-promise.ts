import type { ModelCall } from "../agent/model-call.ts";
import { endWithGarbage } from "../agent/streams/garbage.ts";
import type { StreamReader } from "./endpoint.ts";
import { field } from "./fields.ts";
import { observeRawResponse } from "./raw-response.ts";

type Step = (this: unknown, ...args: unknown[]) => unknown;

/** What the promise of a Stainless-made client (openai, Anthropic) has beside `then`. */
export interface ApiPromise extends PromiseLike<unknown> {
  responsePromise: Promise<unknown>;
  parseResponse: Step;
  /** Set when somebody has asked for the answer. */
  readonly parsedPromise?: Promise<unknown>;
  asResponse?: Step;
  _thenUnwrap?: Step;
  _responseProps?: Step;
}

/** Who wants to know of the answer. */
export interface AnswerWatch {
  readonly call: ModelCall;
  /** Gets the answer as the client has parsed it. Does not throw. */
  readonly take: (answer: unknown) => void;
  /** Reads a streamed answer that the caller parses by itself. */
  readonly reader: () => StreamReader;
  /** Whether the request was changed to have the usage in the stream. */
  readonly changed: boolean;
  readonly name: string;
}

export function isApiPromise(value: object): value is ApiPromise {
  const { responsePromise, parseResponse } = value as Partial<ApiPromise>;
  return responsePromise instanceof Promise && typeof parseResponse === "function";
}

export function observeApiPromise(promise: ApiPromise, watch: AnswerWatch): void {
  const answer = new AwaitedAnswer(watch);
  // Put in its place, not beside it: a rejection is unhandled exactly when the caller leaves it so.
  promise.responsePromise = promise.responsePromise.then(
    (response) => {
      answer.responded(promise);
      return response;
    },
    (error: unknown) => {
      watch.call.fail(error);
      throw error;
    },
  );
  observeSteps(promise, answer);
}

/** One answer, which several promises may bring: helpers make another of the first with `_thenUnwrap`. */
class AwaitedAnswer {
  readonly #watch: AnswerWatch;
  #parsing = false;
  #taken = false;
  #release: (() => void) | undefined;

  constructor(watch: AnswerWatch) {
    this.#watch = watch;
  }

  /** Whoever never awaits the promise never has the body read. To wait for garbage costs 8 µs, so only where nobody awaits yet. */
  responded(promise: ApiPromise): void {
    const { call, name } = this.#watch;
    const awaited = this.#parsing || promise.parsedPromise !== undefined;
    if (!call.ended && !awaited) this.#release = endWithGarbage(promise, call, name);
  }

  /** @param step The client's own, which is async. */
  parse(step: Step, self: unknown, args: unknown[]): Promise<unknown> {
    this.#parsing = true;
    this.#release?.();
    return Promise.resolve(Reflect.apply(step, self, args)).then(
      (answer) => {
        this.take(answer);
        return answer;
      },
      (error: unknown) => {
        this.#watch.call.fail(error);
        throw error;
      },
    );
  }

  take(answer: unknown): void {
    if (this.#taken) return;
    this.#taken = true;
    this.#watch.take(answer);
  }

  /** Somebody takes the raw response alone, and reads its body without the client. */
  takenRaw(response: unknown): void {
    if (this.#parsing) return;
    this.#release?.();
    const { call } = this.#watch;
    if (call.ended) return;
    if (!observeRawResponse(response, this.#watch)) call.end();
  }
}

function observeSteps(promise: ApiPromise, answer: AwaitedAnswer): void {
  const { parseResponse, asResponse, _thenUnwrap, _responseProps } = promise;
  replace(promise, "parseResponse", function (...args) {
    return answer.parse(parseResponse, this, args);
  });
  replace(promise, "asResponse", asResponse && observedRaw(asResponse, answer));
  // Anthropic's threads take the response of a stream from here, and parse it by themselves.
  replace(promise, "_responseProps", _responseProps && observedRaw(_responseProps, answer, isStreamed));
  if (_thenUnwrap === undefined) return;
  // The client of openai makes the other promise from the bare request, past the steps above.
  replace(promise, "_thenUnwrap", function (transform, ...rest) {
    const observed: Step = function (data, ...more) {
      answer.take(data);
      return Reflect.apply(transform as Step, this, [data, ...more]);
    };
    const unwrapped = Reflect.apply(_thenUnwrap, this, [observed, ...rest]);
    if (typeof unwrapped === "object" && unwrapped !== null && isApiPromise(unwrapped)) {
      // Both stand for one request, so a rejection that is handled on one is handled on both.
      unwrapped.responsePromise = promise.responsePromise;
      observeSteps(unwrapped, answer);
    }
    return unwrapped;
  });
}

function observedRaw(step: Step, answer: AwaitedAnswer, applies = (_taken: unknown): boolean => true): Step {
  return async function (...args) {
    const taken = await Reflect.apply(step, this, args);
    if (applies(taken)) answer.takenRaw(taken instanceof Response ? taken : field(taken, "response"));
    return taken;
  };
}

function isStreamed(props: unknown): boolean {
  return field(field(props, "options"), "stream") === true;
}

/** Enumerable only where it was: whoever lists the promise's keys sees those that the client gave it. */
function replace(promise: ApiPromise, key: keyof ApiPromise, value: Step | undefined): void {
  if (value === undefined) return;
  // Assigned where it is the promise's own already: that costs a tenth of a definition, and every call comes through here.
  if (Object.hasOwn(promise, key)) Reflect.set(promise, key, value);
  else Object.defineProperty(promise, key, { value, enumerable: false, configurable: true, writable: true });
}
