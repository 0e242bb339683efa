import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { safely } from "../../internal/warn-once.ts";
import {
  absoluteTarget,
  type Destination,
  defaultPort,
  destinationOfUrl,
  differingHosts,
  readAuthority,
} from "./host-name.ts";
import type { OutgoingPolicy } from "./outgoing-policy.ts";
import type { HeaderTest } from "./propagation-headers.ts";

const CHANNEL = "undici:request:create";
const MOST_KNOWN = 1_000;

/** What we read of undici's request, of Node's own and of the package, whatever its version. Versions up to 5 keep headers as text. */
interface UndiciRequest {
  readonly origin?: unknown;
  readonly path?: unknown;
  /** The Host header that the caller gave. */
  readonly host?: unknown;
  headers?: unknown;
}

/**
 * Guards fetch and every other request of undici. A redirect is a new request, so each hop is checked.
 *
 * The channel is told of a request before its bytes are built, and instrumentations add their headers in there, some before us
 * and some after, by the order of their subscriptions. So the headers of a request to a host that is not listed are looked at
 * whenever they are read, at last by undici when it writes them.
 *
 * @returns What takes the guard away again.
 */
export function guardUndici(policy: OutgoingPolicy): () => void {
  const destinationOf = remembering(destinationOfUrl);
  const onCreate = (message: unknown) => {
    safely("the guard of fetch", () => {
      const { request } = message as { readonly request: UndiciRequest };
      const destinations = destinationsOf(request, destinationOf);
      const isUnwanted = policy.unwanted(destinations);
      if (isUnwanted !== undefined) seal(request, isUnwanted, (names) => policy.removed(names, destinations));
    });
  };
  subscribe(CHANNEL, onCreate);
  return () => {
    unsubscribe(CHANNEL, onCreate);
  };
}

function destinationsOf(
  { origin, path, host }: UndiciRequest,
  destinationOf: (url: string) => Destination,
): readonly Destination[] {
  const url = String(origin);
  const connection = destinationOf(url);
  const named = typeof host === "string" ? [readAuthority(host, defaultPort(schemeOf(url)))] : [];
  return [connection, ...absoluteTarget(path), ...differingHosts(named, [connection])];
}

/** A program asks few hosts many times. */
function remembering(read: (url: string) => Destination): (url: string) => Destination {
  const known = new Map<string, Destination>();
  return (url) => {
    const found = known.get(url);
    if (found !== undefined) return found;
    if (known.size >= MOST_KNOWN) known.clear();
    const destination = read(url);
    known.set(url, destination);
    return destination;
  };
}

function schemeOf(url: string): string | undefined {
  return /^[a-z]+:/i.exec(url)?.[0].toLowerCase();
}

/** The headers of a sealed request, and what is looked for in them. */
interface Seal {
  headers: unknown;
  readonly isUnwanted: HeaderTest;
  readonly removed: (names: readonly string[]) => void;
}

const SEAL = Symbol("agent-otel: headers");

interface SealedRequest {
  readonly [SEAL]: Seal;
}

/** One pair of functions for all requests: with a pair for each, every request would be an object of a shape of its own. */
const GUARDED_HEADERS: PropertyDescriptor & ThisType<SealedRequest> = {
  configurable: true,
  enumerable: true,
  get() {
    const seal = this[SEAL];
    safely("the guard of fetch", () => {
      seal.headers = withoutPropagation(seal);
    });
    return seal.headers;
  },
  set(value: unknown) {
    this[SEAL].headers = value;
  },
};

function seal(
  request: UndiciRequest,
  isUnwanted: HeaderTest,
  removed: (names: readonly string[]) => void,
): void {
  if (SEAL in request) return;
  const held: Seal = { headers: request.headers, isUnwanted, removed };
  Object.defineProperty(request, SEAL, { value: held });
  Object.defineProperty(request, "headers", GUARDED_HEADERS);
}

function withoutPropagation({ headers, isUnwanted, removed }: Seal): unknown {
  const names: string[] = [];
  const drop = (name: unknown) => {
    if (typeof name !== "string" || !isUnwanted(name)) return false;
    names.push(name);
    return true;
  };
  const kept = typeof headers === "string" ? withoutLines(headers, drop) : headers;
  if (Array.isArray(headers)) removePairs(headers, drop);
  if (names.length > 0) removed(names);
  return kept;
}

/** In place: undici and instrumentations push into the array that they have read. */
function removePairs(pairs: unknown[], drop: (name: unknown) => boolean): void {
  for (let at = pairs.length - 2; at >= 0; at -= 2) {
    if (drop(pairs[at])) pairs.splice(at, 2);
  }
}

function withoutLines(text: string, drop: (name: string) => boolean): string {
  const lines = text.split("\r\n");
  const kept = lines.filter((line) => !drop(line.slice(0, Math.max(0, line.indexOf(":")))));
  return kept.length === lines.length ? text : kept.join("\r\n");
}
