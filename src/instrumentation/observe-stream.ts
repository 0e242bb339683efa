import type { ModelCall } from "../agent/model-call.ts";
import { followAsyncIterable } from "../agent/streams/follow-async-iterable.ts";
import { followIterator } from "../agent/streams/follow-iterator.ts";
import { followReadableStream } from "../agent/streams/follow-readable-stream.ts";
import { endWithGarbage } from "../agent/streams/garbage.ts";
import type { Lifetime } from "../agent/streams/lifetime.ts";
import { safely } from "../internal/warn-once.ts";
import type { StreamReader } from "./endpoint.ts";
import { field } from "./fields.ts";
import { grownText } from "./grown-text.ts";

/** Who reads along in a stream. */
export interface StreamWatch {
  readonly call: ModelCall;
  readonly reader: StreamReader;
  readonly name: string;
}

/** The stream of a Stainless-made client: `iterator` is what `for await`, `tee()` and `toReadableStream()` all start from. */
interface ClientStream extends AsyncIterable<unknown> {
  iterator: () => AsyncIterator<unknown>;
  readonly controller?: AbortController;
}

/** Whether an answer comes in pieces: ReadableStreams are async iterables as well. */
export function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

function isClientStream(value: AsyncIterable<unknown>): value is ClientStream {
  return typeof (value as Partial<ClientStream>).iterator === "function";
}

/**
 * Watches a client's stream to its end; items pass one by one, when the caller asks. The stream stays the same object, except
 * that another ReadableStream stands in for one.
 *
 * @param inPlace Whether the stream has been handed out already, so that nothing can stand in for it.
 * @returns What the caller gets.
 */
export function observeStream(
  value: AsyncIterable<unknown>,
  watch: StreamWatch,
  inPlace: boolean,
): AsyncIterable<unknown> {
  if (isClientStream(value)) return observeClientStream(value, watch);
  const { call, reader, name } = watch;
  const onItem = (item: unknown): void =>
    safely(`reading a stream of ${name}`, () => {
      call.chunk();
      reader.item(call, item);
    });
  const reading = { begun: false };
  if (value instanceof ReadableStream) {
    if (!inPlace) return followReadableStream(value, streamLifetime(watch, undefined, reading), name, onItem);
    call.end();
    return value;
  }
  const lifetime = streamLifetime(watch, signalOf(value), reading);
  const run = <T>(fn: () => T): T => {
    reading.begun = true;
    return call.run(fn);
  };
  return followAsyncIterable(value, { ...lifetime, run }, name, onItem);
}

/** The signal of a stream that can be aborted by itself: Cohere's and Ollama's. */
function signalOf(stream: object): AbortSignal | undefined {
  const controller = field(stream, "controller") ?? field(stream, "abortController");
  return controller instanceof AbortController ? controller.signal : undefined;
}

function observeClientStream(value: ClientStream, watch: StreamWatch): ClientStream {
  const { call, reader, name } = watch;
  const original = value.iterator;
  const reading = { begun: false };
  const lifetime = streamLifetime(watch, value.controller?.signal, reading);
  const release = endWithGarbage(value, call, name);
  value.iterator = function (this: unknown) {
    const iterator = Reflect.apply(original, this ?? value, []);
    // A second iteration fails in the client by itself, and must not end the first.
    if (reading.begun) return iterator;
    reading.begun = true;
    release();
    return followIterator(readItems(iterator, call, reader, name), lifetime, name);
  };
  return value;
}

/**
 * Apart from the stream: clients keep an abort signal for as long as its body may be read, so a listener that held the stream
 * would keep one that nobody reads from ever becoming garbage.
 */
function streamLifetime(
  { call, reader, name }: StreamWatch,
  signal: AbortSignal | undefined,
  reading: { readonly begun: boolean },
): Lifetime {
  const leaveUnread = (): void => {
    if (!reading.begun) call.leave();
  };
  signal?.addEventListener("abort", leaveUnread, { once: true });
  const over = (): void => safely(`reading a stream of ${name}`, () => reader.end?.(call));
  return {
    run: (fn) => call.run(fn),
    end() {
      over();
      // A client ends an aborted stream quietly, so only the signal tells that it was not read to its end.
      if (signal?.aborted) call.leave();
      else call.end();
    },
    leave() {
      over();
      call.leave();
    },
    fail(error) {
      over();
      call.fail(error);
    },
  };
}

/** Shows each item to the reader, and passes over those that the caller did not ask for. */
function readItems(
  iterator: AsyncIterator<unknown>,
  call: ModelCall,
  reader: StreamReader,
  name: string,
): AsyncIterator<unknown> {
  const { next, return: close } = iterator;
  const visible = async (...args: [] | [unknown]): Promise<IteratorResult<unknown>> => {
    for (;;) {
      const result: IteratorResult<unknown> = await Reflect.apply(next, iterator, args);
      if (result.done) return result;
      let verdict: "keep" | "hide" = "keep";
      safely(`reading a stream of ${name}`, () => {
        call.chunk();
        verdict = reader.item(call, result.value);
      });
      const over = call.isWatched ? call.grew(grownText(result.value)) : undefined;
      if (over !== undefined) {
        // Ends the request: what is not sent is not billed.
        if (close !== undefined) await Reflect.apply(close, iterator, []);
        throw over;
      }
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
