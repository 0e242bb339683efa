import { followReadableStream } from "../agent/streams/follow-readable-stream.ts";
import { endWithGarbage } from "../agent/streams/garbage.ts";
import { safely } from "../internal/warn-once.ts";
import { rawStream } from "./raw-stream.ts";
import { type Awaited, takeAnswer } from "./take-answer.ts";

/** What reads a body whole, or makes another of it. */
const READERS = ["json", "text", "arrayBuffer", "bytes", "blob", "formData", "clone"] as const;

/** A longer answer is handed on, but not read by us. */
const MAX_ANSWER_BYTES = 32 * 2 ** 20;

/**
 * Watches a response whose body the caller reads by itself (`asResponse()`, Anthropic's threads): the call lasts until the
 * body is read, and usage is taken from the bytes that pass. The response stays the same object; nothing is read that the
 * caller does not read.
 *
 * @returns `false` where this is no response of the platform, or has no body: then there is nothing to wait for.
 */
export function observeRawResponse(response: unknown, watch: Awaited): boolean {
  if (!(response instanceof Response) || response.bodyUsed || response.body === null) return false;
  const body = getter(response, "body");
  const bodyUsed = getter(response, "bodyUsed");
  const release = endWithGarbage(response, watch.call, watch.name);
  let standIn: Response | undefined;
  const inner = (): Response => {
    // Only when asked for: until then the client reads the body as ever. A used one has the platform's own error for it.
    if (standIn === undefined && bodyUsed() !== true) {
      standIn = copyOf(response, standInFor(body() as ReadableStream, response, watch));
      // From here on the stand-in is what must be read.
      release();
    }
    return standIn ?? response;
  };
  define(response, "body", {
    get: () => (bodyUsed() === true && standIn === undefined ? body() : inner().body),
  });
  define(response, "bodyUsed", {
    get: () => (standIn === undefined ? bodyUsed() : standIn.bodyUsed),
  });
  for (const name of READERS) {
    const native = response[name] as ((...args: unknown[]) => unknown) | undefined;
    if (native === undefined) continue;
    define(response, name, {
      writable: true,
      value(): unknown {
        const read = inner();
        const result = Reflect.apply(native, read, []);
        return name === "clone" && read !== response ? withAddress(result as Response, response) : result;
      },
    });
  }
  return true;
}

function getter(response: Response, name: "body" | "bodyUsed"): () => unknown {
  const native = Object.getOwnPropertyDescriptor(Response.prototype, name)?.get;
  return () => (native === undefined ? undefined : Reflect.apply(native, response, []));
}

function copyOf({ status, statusText, headers }: Response, body: ReadableStream): Response {
  return new Response(body, { status, statusText, headers });
}

/** A response that a program made has neither address nor type; a clone has those of its original. */
function withAddress(copy: Response, { url, type, redirected }: Response): Response {
  for (const [name, value] of Object.entries({ url, type, redirected })) define(copy, name, { value });
  return copy;
}

function standInFor(source: ReadableStream, { headers }: Response, watch: Awaited): ReadableStream {
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
          takeAnswer(JSON.parse(Buffer.concat(chunks).toString()), watch, true),
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
  Object.defineProperty(response, name, {
    configurable: true,
    enumerable: false,
    ...descriptor,
  });
}
