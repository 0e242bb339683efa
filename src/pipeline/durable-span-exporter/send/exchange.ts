import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { type Body, readBody } from "./read-body.ts";

/** What came of one request on one connection. */
export type Exchange =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      readonly body: Body;
    }
  | {
      readonly kind: "failed";
      readonly error: Error;
      /** The connection had been used before and was closed: as likely as not before the request was there. */
      readonly stale: boolean;
    }
  /** There was no more time, and no answer either. */
  | { readonly kind: "ended" };

// Of an answer that is no success only the beginning is of use, in a message.
const MAX_ERROR_BYTES = 64 * 1_024;
const CLOSED = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED"]);

/**
 * Sends one request and reads its answer.
 *
 * @param start Makes the request.
 * @param maxBytes Of the body of a 2xx.
 * @param ended Destroys the request at once.
 * @returns Never rejects.
 * @throws What `start` throws.
 */
export function exchange(
  start: () => ClientRequest,
  body: Uint8Array,
  maxBytes: number,
  ended: AbortSignal,
): Promise<Exchange> {
  // An event that has been is not told again.
  if (ended.aborted) return Promise.resolve({ kind: "ended" });
  const { promise, resolve } = Promise.withResolvers<Exchange>();
  let answered = false;
  const fail = (error: Error, stale = false) => {
    // From then on the body decides: what it lacks is told by whoever reads it.
    if (!answered) resolve({ kind: "failed", error, stale });
  };
  const request = start();
  request.on("socket", release);
  request.once("response", (answer) => {
    answered = true;
    void answerOf(answer, maxBytes, ended).then(resolve);
  });
  // Stays for good: a request that is over may still fail.
  request.on("error", (error) => fail(error, request.reusedSocket && isClosed(error)));
  request.once("close", () => fail(new Error("the connection was closed without an answer")));
  const stop = () => {
    if (!answered) resolve({ kind: "ended" });
    request.destroy();
  };
  ended.addEventListener("abort", stop, { once: true });
  request.end(body);
  void promise.then(() => {
    ended.removeEventListener("abort", stop);
    // An answer may come before all of the request was written: the rest would be written in vain, and without a limit.
    if (!request.writableFinished) request.destroy();
  });
  return promise;
}

async function answerOf(answer: IncomingMessage, maxBytes: number, ended: AbortSignal): Promise<Exchange> {
  const status = answer.statusCode ?? 0;
  const success = status >= 200 && status < 300;
  const body = await readBody(answer, success ? maxBytes : MAX_ERROR_BYTES, ended);
  return { kind: "answered", status, headers: answer.headers, body };
}

/** A request in flight does not keep the process alive. The agent refs a connection each time that it hands it out. */
function release(socket: Socket): void {
  socket.unref();
  // Connecting may take several attempts, each with a handle of its own.
  if (socket.connecting) socket.once("connect", () => socket.unref());
}

function isClosed(error: Error): boolean {
  return "code" in error && CLOSED.has(String(error.code));
}
