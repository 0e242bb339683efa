import { followReadableStream } from "../../agent/streams/follow-readable-stream.ts";
import type { Lifetime } from "../../agent/streams/lifetime.ts";

/** All ways to read a stream. */
const READS = [
  "getReader",
  "pipeThrough",
  "pipeTo",
  "tee",
  "cancel",
  "values",
  Symbol.asyncIterator,
] as const;

/**
 * Follows a stream that stays where it is: whoever reads it gets what another stream, which stands behind it, has followed. The AI SDK
 * may give hooks a copy of an answer, without its secrets, and reads the stream of the original: an answer with another stream in it would
 * not be seen, or would show its reader the copy.
 */
export function followInPlace(
  source: ReadableStream,
  lifetime: Lifetime,
  name: string,
  onItem: (item: unknown) => void,
): void {
  if (source.locked || !Object.isExtensible(source)) {
    lifetime.end();
    return;
  }
  const followed = followReadableStream(source, lifetime, name, onItem);
  for (const method of READS) {
    const value = (...args: unknown[]): unknown =>
      Reflect.apply(followed[method] as (...given: unknown[]) => unknown, followed, args);
    Object.defineProperty(source, method, { value, configurable: true, writable: true });
  }
  Object.defineProperty(source, "locked", { get: () => followed.locked, configurable: true });
}

export function isReadableStream(value: unknown): value is ReadableStream {
  return typeof value === "object" && value !== null && "getReader" in value && "pipeThrough" in value;
}
