import type { Lifetime } from "./lifetime.ts";

/** A promise of the language itself; those of a subclass stay the same object, see followThenable. */
export function isNativePromise(value: object): value is Promise<unknown> {
  return value instanceof Promise && value.constructor === Promise;
}

/**
 * Follows a plain promise with one that settles the same way. Not beside the caller: `then` with a handler for rejections
 * would make an unhandled one look handled.
 */
export function followNativePromise(
  promise: Promise<unknown>,
  lifetime: Lifetime,
  follow: (value: unknown) => unknown,
): Promise<unknown> {
  const followed = promise.then(follow, (error: unknown) => {
    lifetime.fail(error);
    throw error;
  });
  // Such as the `cancel` that some libraries hang on a plain promise.
  for (const key in promise) {
    const own = Object.getOwnPropertyDescriptor(promise, key);
    if (own !== undefined) Object.defineProperty(followed, key, own);
  }
  return followed;
}
