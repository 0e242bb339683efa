import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { safely } from "../../internal/warn-once.ts";
import type { OutgoingRequest } from "./model-request.ts";

/** Hears of each request of fetch, undici, node:http and node:https. `key` is the same object at both ends of one request. */
export interface RequestListener {
  /** In the context of who asks. */
  began(key: object, request: OutgoingRequest): void;
  /** Its answer is there to the end, or it failed. */
  ended(key: object): void;
}

/** What we read of undici's request, Node's own and the package's. Versions up to 5 keep headers as text. */
interface UndiciRequest {
  readonly method?: unknown;
  readonly origin?: unknown;
  readonly path?: unknown;
  readonly headers?: unknown;
}

/** What we read of node:http's. */
interface HttpRequest {
  readonly method?: unknown;
  readonly protocol?: unknown;
  readonly path?: unknown;
  getHeader(name: string): unknown;
  hasHeader(name: string): boolean;
}

/** Listens to what Node tells of requests by itself: nothing is patched. @returns Ends it. */
export function listenToRequests(listener: RequestListener): () => void {
  const ended = (key: object) => listener.ended(key);
  const subscriptions = Object.entries<(key: object) => void>({
    "undici:request:create": (key) => listener.began(key, undiciRequest(key)),
    "undici:request:trailers": ended,
    "undici:request:error": ended,
    "http.client.request.start": (key) => listener.began(key, httpRequest(key as HttpRequest)),
    "http.client.response.finish": ended,
    "http.client.request.error": ended,
  }).map(([channel, tell]) => {
    const hear = (message: unknown) =>
      safely("listening to requests", () => tell((message as { readonly request: object }).request));
    subscribe(channel, hear);
    return () => unsubscribe(channel, hear);
  });
  return () => {
    for (const end of subscriptions) end();
  };
}

function undiciRequest(request: UndiciRequest): OutgoingRequest {
  return {
    method: String(request.method),
    origin: String(request.origin),
    path: String(request.path),
    // Read only when asked for: reading may be what takes other headers off.
    hasHeader: (name) => listed(request.headers, name),
  };
}

function listed(headers: unknown, name: string): boolean {
  if (typeof headers === "string") return headers.toLowerCase().includes(`${name}:`);
  return Array.isArray(headers) && headers.some((each, at) => at % 2 === 0 && isNamed(each, name));
}

function isNamed(header: unknown, name: string): boolean {
  return typeof header === "string" && header.length === name.length && header.toLowerCase() === name;
}

function httpRequest(request: HttpRequest): OutgoingRequest {
  return {
    method: String(request.method),
    get origin() {
      return `${String(request.protocol)}//${String(request.getHeader("host"))}`;
    },
    path: String(request.path),
    hasHeader: (name) => request.hasHeader(name),
  };
}
