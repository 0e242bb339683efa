import { endWithEvents, isEventStream } from "./event-stream.ts";
import { followIterator } from "./follow-iterator.ts";
import { endWithGarbage } from "./garbage.ts";
import type { Lifetime } from "./lifetime.ts";

export function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

/**
 * Follows any other async iterable, such as a client's stream object, which stays the same object with all its methods.
 * The call ends with the first iteration, or when the object is dropped unread.
 *
 * @param onItem Sees each item before the consumer does. Must not throw.
 */
export function followAsyncIterable<T extends AsyncIterable<unknown>>(
  iterable: T,
  lifetime: Lifetime,
  name: string,
  onItem?: (item: unknown) => void,
): T {
  // An iterator as well, whose steps may be taken by hand: what compilers make of a generator, `events.on()`.
  if (typeof (iterable as { next?: unknown }).next === "function") {
    return followIterator(iterable, lifetime, name, onItem);
  }
  const original = iterable[Symbol.asyncIterator];
  let first = true;
  const release = endWithGarbage(iterable, lifetime, name);
  if (isEventStream(iterable)) {
    endWithEvents(iterable, lifetime, () => !first, release);
  }
  try {
    Object.defineProperty(iterable, Symbol.asyncIterator, {
      configurable: true,
      writable: true,
      enumerable: false,
      value(this: unknown) {
        const iterator = lifetime.run(() => Reflect.apply(original, this ?? iterable, []));
        if (!first) return iterator;
        first = false;
        release();
        return followIterator(iterator, lifetime, name, onItem);
      },
    });
  } catch {
    // Frozen: its items cannot be seen, so the call ends where the object was handed out.
    release();
    lifetime.end();
  }
  return iterable;
}
