import { errorMonitor } from "node:events";
import type { Readable } from "node:stream";
import { endWithGarbage } from "./garbage.ts";
import type { Lifetime } from "./lifetime.ts";

/** Known by its methods, since packages bring stream classes of their own (readable-stream). */
export function isNodeStream(value: object): value is Readable {
  const { pipe, read, destroy, once } = value as Partial<Readable>;
  return [pipe, read, destroy, once].every((method) => typeof method === "function");
}

/**
 * Follows a stream of Node, which stays the same object: it is mostly piped or listened to, never iterated. The listeners
 * neither start it nor count as a handler of its errors.
 */
export function followNodeStream<T extends Readable>(stream: T, lifetime: Lifetime, name: string): T {
  if (stream.destroyed || stream.readableEnded) {
    lifetime.end();
    return stream;
  }
  const release = endWithGarbage(stream, lifetime, name);
  const done = (ending: () => void): void => {
    release();
    ending();
  };
  stream.once("end", () => done(() => lifetime.end()));
  stream.once(errorMonitor, (error: unknown) =>
    done(() => (isBrokenOff(error) ? lifetime.leave() : lifetime.fail(error))),
  );
  stream.once("close", () => done(() => lifetime.leave()));
  const read = stream._read;
  if (typeof read === "function") {
    stream._read = (size) => lifetime.run(() => Reflect.apply(read, stream, [size]));
  }
  return stream;
}

/** What a `break` out of `for await` destroys a stream with. An abort by signal has the signal's reason as its cause. */
function isBrokenOff(error: unknown): boolean {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return code === "ABORT_ERR" && cause === undefined;
}
