import { followReadableStream } from "../agent/streams/follow-readable-stream.ts";
import { endWithGarbage } from "../agent/streams/garbage.ts";
import { safely } from "../internal/warn-once.ts";
import type { AnswerWatch } from "./api-promise.ts";
import { rawStream } from "./raw-stream.ts";

/** What reads a body whole. Each reads the stand-in, so that we see the bytes as well. */
const READERS = ["json", "text", "arrayBuffer", "bytes", "blob", "formData"] as const;

/** A longer answer is handed on, but not read by us. */
const MAX_ANSWER_BYTES = 32 * 2 ** 20;

/**
 * Watches a response whose body the caller reads by itself (`asResponse()`, Anthropic's threads): the call lasts until the
 * body is read, and usage is taken from the bytes that pass. The response stays the same object; nothing is read that the
 * caller does not read.
 *
 * @returns `false` where this is no response of the platform, or has no body: then there is nothing to wait for.
 */
export function observeRawResponse(response: unknown, watch: AnswerWatch): boolean {
  if (!(response instanceof Response) || response.bodyUsed || response.body === null) return false;
  const original = response;
  const nativeBody = Object.getOwnPropertyDescriptor(Response.prototype, "body")?.get;
  if (nativeBody === undefined) return false;
  const release = endWithGarbage(response, watch.call, watch.name);
  let standIn: ReadableStream | undefined;
  const body = (): ReadableStream | null => {
    // Only when asked for: until then the client's own clone() and the like work as ever.
    if (standIn === undefined) {
      standIn = standInFor(Reflect.apply(nativeBody, original, []) as ReadableStream, original, watch);
      // From here on the stand-in is what must be read.
      release();
    }
    return standIn;
  };
  define(response, "body", { get: body });
  for (const name of READERS) {
    const native = original[name] as ((...args: unknown[]) => Promise<unknown>) | undefined;
    if (native === undefined) continue;
    define(response, name, {
      writable: true,
      value(this: unknown): Promise<unknown> {
        // Used or locked: the client's platform has the right error for it.
        if (original.bodyUsed || standIn?.locked) return Reflect.apply(native, original, []);
        const { headers } = original;
        return Reflect.apply(native, new Response(body(), { headers }), []);
      },
    });
  }
  return true;
}

function standInFor(source: ReadableStream, { headers }: Response, watch: AnswerWatch): ReadableStream {
  if (headers.get("content-type")?.includes("text/event-stream")) return rawStream(source, watch);
  const { call, name } = watch;
  const chunks: Uint8Array[] = [];
  let size = 0;
  const lifetime = {
    run: <T>(fn: () => T): T => call.run(fn),
    end(): void {
      if (size <= MAX_ANSWER_BYTES) {
        // Ends the call as well.
        safely(`reading an answer of ${name}`, () =>
          watch.take(JSON.parse(Buffer.concat(chunks).toString())),
        );
      }
      call.end();
    },
    fail: (error: unknown) => call.fail(error),
    leave: () => call.leave(),
  };
  return followReadableStream(source, lifetime, name, (chunk) => {
    if (!(chunk instanceof Uint8Array)) return;
    size += chunk.byteLength;
    // A copy: the stream hands the bytes themselves on.
    if (size <= MAX_ANSWER_BYTES) chunks.push(chunk.slice());
  });
}

function define(response: Response, name: string, descriptor: PropertyDescriptor): void {
  Object.defineProperty(response, name, { configurable: true, enumerable: false, ...descriptor });
}
