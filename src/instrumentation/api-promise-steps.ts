import { type ApiPromise, isApiPromise, type Step } from "./api-promise.ts";
import type { AwaitedAnswer } from "./awaited-answer.ts";
import { field } from "./fields.ts";

/** Has the steps of `promise` tell `answer`. Its `responsePromise` is marked. */
export function observeSteps(promise: ApiPromise, answer: AwaitedAnswer): void {
  const { parseResponse } = promise;
  const observed: Step = function (...args) {
    return answer.parse(parseResponse, this, args);
  };
  // Not assigned: V8 then keeps garbage of each call alive into the old space, and a call costs 5 µs more.
  Reflect.set(promise, "parseResponse", observed);
  for (const [key, patch] of STEPS) patchStep(promise, key, patch);
}

type Patch = (step: Step) => Step;
type Key = "asResponse" | "_responseProps" | "_thenUnwrap";

const STEPS: readonly (readonly [Key, Patch])[] = [
  ["asResponse", (step) => observedRaw(step, () => true)],
  // Anthropic's threads take the response of a stream from here, and parse it by themselves.
  ["_responseProps", (step) => observedRaw(step, isStreamed)],
  ["_thenUnwrap", observedUnwrap],
];

/** On every step that we put in a class's place, so that it is patched once. */
const PATCHED = Symbol("agent-otel.patched");

/**
 * The steps that few callers take are patched on the class, when its first promise is seen: to define them on each promise
 * would be a tenth of what we add to a call. Promises that are not observed pass through.
 */
function patchStep(promise: ApiPromise, key: Key, patch: Patch): void {
  const step = promise[key];
  if (step === undefined || field(step, PATCHED) === true) return;
  // openai 7 gives each promise a `_thenUnwrap` of its own.
  if (Object.hasOwn(promise, key)) {
    Reflect.set(promise, key, patch(step));
    return;
  }
  let owner: object = Object.getPrototypeOf(promise);
  while (!Object.hasOwn(owner, key)) owner = Object.getPrototypeOf(owner);
  const patched = patch(step);
  Object.defineProperties(patched, {
    name: { value: step.name, configurable: true },
    length: { value: step.length, configurable: true },
    [PATCHED]: { value: true },
  });
  Object.defineProperty(owner, key, { ...Object.getOwnPropertyDescriptor(owner, key), value: patched });
}

function observedRaw(step: Step, applies: (taken: unknown) => boolean): Step {
  return function (...args) {
    const taking = Reflect.apply(step, this, args);
    const answer = answerOf(this);
    return answer === undefined ? taking : takeRaw(answer, taking, applies);
  };
}

async function takeRaw(
  answer: AwaitedAnswer,
  taking: unknown,
  applies: (taken: unknown) => boolean,
): Promise<unknown> {
  const taken = await taking;
  if (applies(taken)) answer.takenRaw(taken instanceof Response ? taken : field(taken, "response"));
  return taken;
}

function isStreamed(props: unknown): boolean {
  return field(field(props, "options"), "stream") === true;
}

/** Makes another promise of the same request, which openai 7 starts from the bare one, past the steps above. */
function observedUnwrap(step: Step): Step {
  return function (transform, ...rest) {
    const answer = answerOf(this);
    if (answer === undefined) return Reflect.apply(step, this, [transform, ...rest]);
    const observed: Step = function (data, ...more) {
      answer.take(data);
      return Reflect.apply(transform as Step, this, [data, ...more]);
    };
    const unwrapped: unknown = Reflect.apply(step, this, [observed, ...rest]);
    if (isApiPromise(unwrapped)) {
      // Both stand for one request, so a rejection that is handled on one is handled on both.
      unwrapped.responsePromise = (this as ApiPromise).responsePromise;
      observeSteps(unwrapped, answer);
    }
    return unwrapped;
  };
}

class Returned {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: what comes back gets the private field of the class below.
    return object;
  }
}

/**
 * Puts a private field on a promise: nobody else sees it. On the response's promise, which is ours: on the client's, whose
 * place in a WeakMap makes it dear to grow, it would cost a microsecond.
 */
class Marked extends Returned {
  readonly #answer: AwaitedAnswer;

  constructor(responsePromise: Promise<unknown>, answer: AwaitedAnswer) {
    super(responsePromise);
    this.#answer = answer;
  }

  static answerOf(responsePromise: object): AwaitedAnswer | undefined {
    return #answer in responsePromise ? responsePromise.#answer : undefined;
  }
}

/** @param responsePromise Of a promise that is observed. */
export function mark(responsePromise: Promise<unknown>, answer: AwaitedAnswer): void {
  new Marked(responsePromise, answer);
}

function answerOf(promise: unknown): AwaitedAnswer | undefined {
  return isApiPromise(promise) ? Marked.answerOf(promise.responsePromise) : undefined;
}
