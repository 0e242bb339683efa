import { endWithGarbage } from "./garbage.ts";
import type { Lifetime } from "./lifetime.ts";

type Step = (value?: unknown) => unknown;
type StepName = "next" | "return" | "throw";

interface IteratorLike {
  next: Step;
  return?: Step;
  throw?: Step;
}

export function isAsyncGenerator(value: unknown): value is AsyncGenerator {
  return Object.prototype.toString.call(value) === "[object AsyncGenerator]";
}

export function isGenerator(value: unknown): value is Generator {
  return Object.prototype.toString.call(value) === "[object Generator]";
}

/**
 * Follows a generator, sync or async, to its end. The object stays the same one: only its three methods are replaced, so
 * `for await`, `yield*` and calls by hand are all seen. Each step of the body runs inside the call, since a generator's body
 * otherwise runs in the context of whoever asks for the next item.
 *
 * @param onItem Sees each item before the consumer does. Must not throw.
 */
export function followIterator<T extends object>(
  iterator: T,
  lifetime: Lifetime,
  name: string,
  onItem?: (item: unknown) => void,
): T {
  const target = iterator as unknown as IteratorLike;
  const release = endWithGarbage(iterator, lifetime, name);
  const done = (ending: () => void): void => {
    release();
    ending();
  };
  const settle = (step: StepName, result: unknown): void => {
    const { done: finished, value } = (result ?? {}) as { done?: boolean; value?: unknown };
    if (!finished) onItem?.(value);
    else if (step === "return") done(() => lifetime.leave());
    else done(() => lifetime.end());
  };
  const wrap = (step: StepName, original: Step): Step =>
    function (this: unknown, ...args: unknown[]) {
      let result: unknown;
      try {
        result = lifetime.run(() => Reflect.apply(original, this ?? iterator, args));
      } catch (error) {
        done(() => lifetime.fail(error));
        throw error;
      }
      if (!isPromise(result)) {
        settle(step, result);
        return result;
      }
      return result.then(
        (settled) => {
          settle(step, settled);
          return settled;
        },
        (error: unknown) => {
          done(() => lifetime.fail(error));
          throw error;
        },
      );
    };
  try {
    for (const step of ["next", "return", "throw"] as const) {
      const original = target[step];
      if (typeof original === "function") define(target, step, wrap(step, original));
    }
  } catch {
    // Frozen: its items cannot be seen, so the call ends where it was handed out.
    done(() => lifetime.end());
  }
  return iterator;
}

function isPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise || typeof (value as { then?: unknown } | null)?.then === "function";
}

/** Not enumerable: whoever lists or copies the generator's own properties sees none, as before. */
function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, configurable: true, writable: true, enumerable: false });
}
