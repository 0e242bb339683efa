import type { ClientRequest } from "node:http";
import type { LookupFunction } from "node:net";
import { isIPv6 } from "../late-builtins.ts";
import { untraced } from "../untraced.ts";
import { reasonOf } from "./abort-reason.ts";
import { checkedAddresses, type Resolve, systemResolve } from "./checked-addresses.ts";
import type { OutboundPlace } from "./outbound-url.ts";

export interface OutboundMessage {
  readonly place: OutboundPlace;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface OutboundOptions {
  /** For all of it: resolving, connecting, sending and the head of the answer. @default 5_000 */
  readonly timeoutMs?: number;
  /** For tests. @default the resolver of the system */
  readonly resolve?: Resolve | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface OutboundAnswer {
  readonly status: number;
  /** The header as it came. */
  readonly retryAfter: string | undefined;
}

/** Of an answer, of which no more is read. */
const MAX_HEADER_BYTES = 16_384;

/**
 * Sends one message to a place that was checked, over a connection of its own to an address that was checked. Follows no redirect, uses no
 * proxy, holds no process, and reads nothing of the answer but its head.
 *
 * @throws InsideAddressError; the error of the resolver, the connection or the time limit.
 */
export async function postOutbound(
  message: OutboundMessage,
  { timeoutMs = 5_000, resolve = systemResolve, signal }: OutboundOptions = {},
): Promise<OutboundAnswer> {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  timer.unref();
  const ended = signal === undefined ? ending.signal : AbortSignal.any([signal, ending.signal]);
  try {
    const { promise: over, stop } = reasonOf(ended);
    try {
      const addresses = await Promise.race([checkedAddresses(message.place, resolve), over]);
      ended.throwIfAborted();
      return await Promise.race([untraced(() => sent(message, addresses, ended)), over]);
    } finally {
      stop();
    }
  } finally {
    clearTimeout(timer);
  }
}

function sent(
  message: OutboundMessage,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<OutboundAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<OutboundAnswer>();
  const request = started(message, addresses, signal);
  request.on("socket", (socket) => {
    socket.unref();
    // Connecting may take several attempts, each with a handle of its own.
    if (socket.connecting) socket.once("connect", () => socket.unref());
  });
  // Stays for good: a request that is over may still fail.
  request.on("error", reject);
  request.once("close", () => reject(new Error("the connection was closed without an answer")));
  request.once("response", (answer) => {
    answer.on("error", () => {});
    resolve({ status: answer.statusCode ?? 0, retryAfter: answer.headers["retry-after"] });
    // Its body is nobody's business, however long it may be or take.
    answer.destroy();
  });
  request.end(message.body);
  return promise;
}

function started(
  { place, headers, body }: OutboundMessage,
  addresses: readonly string[],
  signal: AbortSignal,
): ClientRequest {
  const options = {
    method: "POST",
    headers: { ...headers, "content-length": String(Buffer.byteLength(body)), connection: "close" },
    lookup: pinnedTo(addresses),
    maxHeaderSize: MAX_HEADER_BYTES,
    signal,
  };
  // An agent of our own: the program's may go through a proxy, or look the host up again.
  // Loaded with the first message: an import would load WebSocket, and with it undici, for each program that imports this package.
  const { Agent, request } = process.getBuiltinModule(
    place.url.protocol === "http:" ? "node:http" : "node:https",
  );
  return request(place.url, { ...options, agent: new Agent() });
}

function pinnedTo(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_host, options, callback) => {
    const [first] = all;
    if (options.all === true) callback(null, all);
    else callback(null, first?.address ?? "", first?.family);
  };
}
