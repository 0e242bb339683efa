import { endWithGarbage } from "./garbage.ts";
import type { Lifetime } from "./lifetime.ts";

/**
 * Follows a ReadableStream to its end. Another stream of the same kind stands in for it, since a Response or pipeTo() reads
 * a stream without calling any method that could be replaced. It asks for a chunk only when its reader does, so
 * back-pressure stays as it was, and bytes stay a byte stream.
 *
 * @param onItem Sees each chunk before the consumer does. Must not throw.
 */
export function followReadableStream(
  source: ReadableStream,
  lifetime: Lifetime,
  name: string,
  onItem?: (item: unknown) => void,
): ReadableStream {
  if (source.locked) {
    // Somebody reads it already: what they see is out of our hands, and so is its end.
    lifetime.end();
    return source;
  }
  const bytes = isByteStream(source);
  const reader = source.getReader();
  let release = (): void => {};
  const pull = async (
    controller: ReadableStreamDefaultController | ReadableByteStreamController,
  ): Promise<void> => {
    let chunk: { done: boolean; value?: unknown };
    try {
      chunk = await lifetime.run(() => reader.read());
    } catch (error) {
      release();
      lifetime.fail(error);
      throw error;
    }
    if (!chunk.done) {
      onItem?.(chunk.value);
      controller.enqueue(chunk.value as never);
      return;
    }
    release();
    lifetime.end();
    controller.close();
    // A reader that brought its own buffer waits for an answer, also at the end.
    if ("byobRequest" in controller) controller.byobRequest?.respond(0);
  };
  const cancel = async (reason: unknown): Promise<void> => {
    release();
    lifetime.leave();
    await lifetime.run(() => reader.cancel(reason));
  };
  const followed = bytes
    ? new ReadableStream({ type: "bytes", pull, cancel })
    : new ReadableStream({ pull, cancel }, { highWaterMark: 0 });
  keepClass(followed, source);
  release = endWithGarbage(followed, lifetime, name);
  return followed;
}

/** A subclass brings methods of its own (LangChain's streams are iterators too), which work on any stream. */
function keepClass(followed: ReadableStream, source: ReadableStream): void {
  if (source.constructor !== ReadableStream) Object.setPrototypeOf(followed, Object.getPrototypeOf(source));
  for (const key of Object.keys(source)) {
    Object.defineProperty(followed, key, Object.getOwnPropertyDescriptor(source, key) ?? {});
  }
}

function isByteStream(stream: ReadableStream): boolean {
  try {
    stream.getReader({ mode: "byob" }).releaseLock();
    return true;
  } catch {
    return false;
  }
}
