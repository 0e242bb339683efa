import { reportFailure } from "../../internal/warn-once.ts";
import { followAsyncIterable, isAsyncIterable } from "./follow-async-iterable.ts";
import { followIterator, isAsyncGenerator, isGenerator } from "./follow-iterator.ts";
import { followNativePromise, isNativePromise } from "./follow-native-promise.ts";
import { followNodeStream, isNodeStream } from "./follow-node-stream.ts";
import { followReadableStream } from "./follow-readable-stream.ts";
import { followThenable, isThenable } from "./follow-thenable.ts";
import type { Follow, Lifetime } from "./lifetime.ts";

/**
 * Ends a call when its result is really there: at once for a value, when it settles for a promise, with its last item for a
 * generator or stream, also one that a promise brings. The caller gets the same result, of the same type.
 *
 * Never throws: what cannot be looked at, such as an object whose getters throw, ends the call and goes through as it is.
 *
 * @param onValue Sees the plain value that the call ended with.
 */
export function followResult(
  result: unknown,
  lifetime: Lifetime,
  name: string,
  onValue?: (value: unknown) => void,
): unknown {
  if (typeof result === "object" && result !== null) {
    try {
      if (isNativePromise(result)) {
        return followNativePromise(result, lifetime, (value) => followResult(value, lifetime, name, onValue));
      }
      if (isThenable(result)) {
        const follow: Follow = (value, inPlace) =>
          inPlace && value instanceof ReadableStream
            ? lifetime.end()
            : followResult(value, lifetime, name, onValue);
        return followThenable(result, lifetime, name, follow);
      }
      if (result instanceof ReadableStream) return followReadableStream(result, lifetime, name);
      if (isAsyncGenerator(result) || isGenerator(result)) return followIterator(result, lifetime, name);
      if (isNodeStream(result)) return followNodeStream(result, lifetime, name);
      if (isAsyncIterable(result)) return followAsyncIterable(result, lifetime, name);
    } catch (error) {
      reportFailure("following a result", error);
      lifetime.end();
      return result;
    }
  }
  onValue?.(result);
  lifetime.end();
  return result;
}
