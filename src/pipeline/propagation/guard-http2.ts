import http2 from "node:http2";
import { syncBuiltinESMExports } from "node:module";
import { promisify } from "node:util";
import { safely } from "../../internal/warn-once.ts";
import { hasHeader, headerValues, stripHeaders } from "./header-list.ts";
import { canonicalHost, type Destination, defaultPort, differingHosts, readAuthority } from "./host-name.ts";
import type { OutgoingPolicy } from "./outgoing-policy.ts";
import { propagationHeaders } from "./propagation-headers.ts";
import { replaceMethod } from "./replace-method.ts";

/** Where each session goes. */
type Sessions = WeakMap<object, readonly Destination[]>;

interface ConnectOptions {
  readonly host?: unknown;
  readonly port?: unknown;
  readonly servername?: unknown;
}

interface Authority {
  readonly protocol?: string;
  readonly hostname?: string;
  readonly host?: string;
  readonly port?: string | number;
}

/**
 * Guards node:http2, and with it gRPC.
 *
 * Its channels do not do: `http2.client.stream.created` comes when the headers are with the native session. So `request` of the class
 * behind every session is wrapped, and `connect`, which alone knows where a session goes. A session opened before is not known, so
 * its requests go without these headers once a later one has shown the class.
 *
 * @returns What takes the guard away again.
 */
export function guardHttp2(policy: OutgoingPolicy): () => void {
  const sessions: Sessions = new WeakMap();
  const undo: (() => void)[] = [];
  let active = true;
  let classSeen = false;
  const remember = (session: unknown, args: readonly unknown[]) => {
    safely("the guard of http2", () => {
      if (!active || typeof session !== "object" || session === null) return;
      sessions.set(session, connectionsOf(args));
      if (!classSeen) undo.push(guardRequests(session, policy, sessions, () => active));
      classSeen = true;
    });
  };
  undo.push(replaceMethod(http2, "connect", (original) => rememberingConnect(original, remember)));
  // For `import { connect } from "node:http2"`.
  syncBuiltinESMExports();
  return () => {
    active = false;
    for (const each of undo) each();
    syncBuiltinESMExports();
  };
}

type Connect = (this: unknown, ...args: readonly unknown[]) => unknown;

function rememberingConnect(
  original: Connect,
  remember: (session: unknown, args: readonly unknown[]) => void,
): Connect {
  const connect: Connect = function (...args) {
    const session = Reflect.apply(original, this, args);
    remember(session, args);
    return session;
  };
  const promised: unknown = Reflect.get(http2.connect, promisify.custom);
  if (typeof promised !== "function") return connect;
  return Object.defineProperty(connect, promisify.custom, {
    value: async (...args: readonly unknown[]) => {
      const session: unknown = await Reflect.apply(promised, undefined, args);
      remember(session, args);
      return session;
    },
  });
}

function guardRequests(
  session: object,
  policy: OutgoingPolicy,
  sessions: Sessions,
  isActive: () => boolean,
): () => void {
  return replaceMethod(
    ownerOf(session, "request"),
    "request",
    (original) =>
      function (this: unknown, ...args: readonly unknown[]) {
        let [headers, ...rest] = args;
        if (isActive() && headers !== undefined) {
          safely("the guard of http2", () => {
            headers = strip(headers, sessions.get(this as object), policy);
          });
        }
        return Reflect.apply(original, this, args.length === 0 ? args : [headers, ...rest]);
      },
  );
}

function ownerOf(object: object, method: string): object {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype === null || Object.hasOwn(object, method)) return object;
  return ownerOf(prototype as object, method);
}

function strip(
  headers: unknown,
  connections: readonly Destination[] | undefined,
  policy: OutgoingPolicy,
): unknown {
  if (!hasHeader(headers, propagationHeaders())) return headers;
  const known = connections ?? [{ host: undefined, port: undefined }];
  const port = headerValues(headers, ":scheme")[0] === "http" ? 80 : 443;
  const named = [...headerValues(headers, ":authority"), ...headerValues(headers, "host")];
  const destinations = [
    ...known,
    ...differingHosts(
      named.map((text) => readAuthority(text, port)),
      known,
    ),
  ];
  const isUnwanted = policy.unwanted(destinations);
  if (isUnwanted === undefined) return headers;
  const stripped = stripHeaders(headers, isUnwanted);
  if (stripped.names.length > 0) policy.removed(stripped.names, destinations);
  return stripped.headers;
}

/** Options win over the authority where both name a host; the server name is what the requests call their authority then. */
function connectionsOf([authority, options]: readonly unknown[]): readonly Destination[] {
  const url = typeof authority === "string" ? new URL(authority) : (authority as Authority);
  const { host, port, servername }: ConnectOptions = typeof options === "object" ? (options ?? {}) : {};
  const own = Number(url.port) || defaultPort(url.protocol ?? "https:");
  const names = [url.hostname || url.host || "localhost", host, servername];
  const chosen = [...new Set(names)].filter((name) => typeof name === "string" && name !== "");
  return chosen.map((name) => ({ host: canonicalHost(String(name)), port: Number(port) || own }));
}
