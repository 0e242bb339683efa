import { AsyncLocalStorage } from "node:async_hooks";
import { endWithGarbage } from "./garbage.ts";
import type { Follow, Lifetime } from "./lifetime.ts";

type Handler = (value: unknown) => unknown;

export function isThenable(value: object): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown }).then === "function";
}

/**
 * Follows a promise of a class of its own (a client's APIPromise, a query builder), which stays the same object, since its
 * class has methods that the caller may want. A mere subclass of Promise is observed beside the caller. One with a `then` of
 * its own may start its work there, or be of no use for anything else afterwards, so ours waits for the caller's.
 */
export function followThenable(
  thenable: PromiseLike<unknown>,
  lifetime: Lifetime,
  name: string,
  follow: Follow,
): PromiseLike<unknown> {
  const original = thenable.then;
  if (thenable instanceof Promise && original === Promise.prototype.then) {
    thenable.then(
      (value) => follow(value, true),
      (error: unknown) => lifetime.fail(error),
    );
    return thenable;
  }
  const release = endWithGarbage(thenable, lifetime, name);
  let seen: { readonly followed: unknown } | undefined;
  function then(this: unknown, onFulfilled?: Handler | null, onRejected?: Handler | null): unknown {
    release();
    // The work that starts here belongs to the call; what the caller does with its outcome does not.
    const inCaller = AsyncLocalStorage.snapshot();
    const fulfilled: Handler = (value) => {
      // `then` may be called many times, but a stream has one stand-in.
      seen ??= { followed: follow(value, false) };
      return typeof onFulfilled === "function" ? inCaller(onFulfilled, seen.followed) : seen.followed;
    };
    const rejected: Handler = (error) => {
      lifetime.fail(error);
      if (typeof onRejected === "function") return inCaller(onRejected, error);
      throw error;
    };
    return lifetime.run(() => Reflect.apply(original, this, [fulfilled, rejected]));
  }
  try {
    // biome-ignore lint/suspicious/noThenProperty: it is a thenable already.
    Object.defineProperty(thenable, "then", {
      configurable: true,
      writable: true,
      enumerable: false,
      value: then,
    });
  } catch {
    // Frozen: its outcome cannot be seen, so the call ends where the object was handed out.
    release();
    lifetime.end();
  }
  return thenable;
}
