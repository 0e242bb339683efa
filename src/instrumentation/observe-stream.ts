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
  const original = value.iterator;
  const reading = { begun: false };
  const lifetime = streamLifetime(call, value.controller?.signal, reading);
  const release = endWithGarbage(value, call, name);
  value.iterator = function (this: unknown) {
    const iterator = Reflect.apply(original, this ?? value, []);
    // A second iteration fails in the client by itself, and must not end the first.
    if (reading.begun) return iterator;
    reading.begun = true;
    release();
    return followIterator(readItems(iterator, call, reader, name), lifetime, name);
  };
  return true;
}

/**
 * Apart from the stream: clients keep an abort signal for as long as its body may be read, so a listener that held the stream
 * would keep one that nobody reads from ever becoming garbage.
 */
function streamLifetime(
  call: ModelCall,
  signal: AbortSignal | undefined,
  reading: { readonly begun: boolean },
): Lifetime {
  const leaveUnread = (): void => {
    if (!reading.begun) call.leave();
  };
  signal?.addEventListener("abort", leaveUnread, { once: true });
  return {
    run: (fn) => call.run(fn),
    // A client ends an aborted stream quietly, so only the signal tells that it was not read to its end.
    end: () => (signal?.aborted ? call.leave() : call.end()),
    leave: () => call.leave(),
    fail: (error) => call.fail(error),
  };
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
