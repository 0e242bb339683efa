import type { ModelCall } from "../agent/model-call.ts";
import { followIterator } from "../agent/streams/follow-iterator.ts";
import { endWithGarbage } from "../agent/streams/garbage.ts";
import type { Lifetime } from "../agent/streams/lifetime.ts";
import { safely } from "../internal/warn-once.ts";
import type { StreamReader } from "./endpoint.ts";

/** The stream of a Stainless-made client: `iterator` is what `for await`, `tee()` and `toReadableStream()` all start from. */
interface ClientStream {
  iterator: () => AsyncIterator<unknown>;
  readonly controller?: AbortController;
}

function isClientStream(value: unknown): value is ClientStream {
  return (
    typeof value === "object" &&
    value !== null &&
    Symbol.asyncIterator in value &&
    typeof (value as Partial<ClientStream>).iterator === "function"
  );
}

/**
 * Watches a client's stream to its end. The stream stays the same object; items pass one by one, when the caller asks.
 *
 * @returns Whether `value` is such a stream.
 */
export function observeStream(value: unknown, call: ModelCall, reader: StreamReader, name: string): boolean {
  if (!isClientStream(value)) return false;
  const signal = value.controller?.signal;
  const original = value.iterator;
  const release = endWithGarbage(value, call, name);
  let iterated = false;
  // A client ends an aborted stream quietly, so only the signal tells that it was not read to its end.
  const ended = (): void => (signal?.aborted ? call.leave() : call.end());
  const lifetime: Lifetime = {
    run: (fn) => call.run(fn),
    end: ended,
    leave: () => call.leave(),
    fail: (error) => call.fail(error),
  };
  signal?.addEventListener(
    "abort",
    () => {
      if (!iterated) call.leave();
    },
    { once: true },
  );
  value.iterator = function (this: unknown) {
    const iterator = Reflect.apply(original, this ?? value, []);
    // A second iteration fails in the client by itself, and must not end the first.
    if (iterated) return iterator;
    iterated = true;
    release();
    return followIterator(readItems(iterator, call, reader, name), lifetime, name);
  };
  return true;
}

/** Shows each item to the reader, and passes over those that the caller did not ask for. */
function readItems(
  iterator: AsyncIterator<unknown>,
  call: ModelCall,
  reader: StreamReader,
  name: string,
): AsyncIterator<unknown> {
  const next = iterator.next;
  const visible = async (...args: [] | [unknown]): Promise<IteratorResult<unknown>> => {
    for (;;) {
      const result: IteratorResult<unknown> = await Reflect.apply(next, iterator, args);
      if (result.done) return result;
      let verdict: "keep" | "hide" = "keep";
      safely(`reading a stream of ${name}`, () => {
        call.chunk();
        verdict = reader.item(call, result.value);
      });
      if (verdict === "keep") return result;
    }
  };
  Object.defineProperty(iterator, "next", {
    value: visible,
    configurable: true,
    writable: true,
    enumerable: false,
  });
  return iterator;
}
