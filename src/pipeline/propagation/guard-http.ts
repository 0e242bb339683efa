import http, { type ClientRequest } from "node:http";
import { safely } from "../../internal/warn-once.ts";
import { hasHeader, headerValues, stripHeaders } from "./header-list.ts";
import {
  absoluteTarget,
  canonicalHost,
  type Destination,
  defaultPort,
  differingHosts,
  readAuthority,
} from "./host-name.ts";
import type { OutgoingPolicy } from "./outgoing-policy.ts";
import { propagationHeaders } from "./propagation-headers.ts";
import { replaceMethod } from "./replace-method.ts";

/** The port of a request that an agent was seen to take. */
type Ports = WeakMap<object, number>;

/**
 * Guards node:http and node:https, whoever adds headers and when.
 *
 * Node's channels do not do here: `http.client.request.created` comes after headers given as an array are in bytes and before those
 * that are set later; `…start` comes when they are sent. All pass through `_storeHeader`, which makes the bytes; for
 * requests alone we put ours before it. The port is known to the agent only, so `addRequest` is listened to where an entry of the
 * list has a port.
 *
 * @returns What takes the guard away again.
 */
export function guardHttp(policy: OutgoingPolicy): () => void {
  const ports: Ports = new WeakMap();
  let active = true;
  const undo = [
    replaceMethod(
      http.ClientRequest.prototype,
      "_storeHeader",
      (original) =>
        function (this: unknown, firstLine: unknown, headers: unknown) {
          let kept = headers;
          if (active) {
            safely("the guard of http", () => {
              kept = strip(this as ClientRequest, headers, policy, ports);
            });
          }
          return Reflect.apply(original, this, [firstLine, kept]);
        },
    ),
  ];
  if (policy.asksForPort) undo.push(rememberPorts(ports));
  return () => {
    active = false;
    for (const each of undo) each();
  };
}

function rememberPorts(ports: Ports): () => void {
  return replaceMethod(
    http.Agent.prototype,
    "addRequest",
    (original) =>
      function (this: unknown, ...args: readonly unknown[]) {
        safely("the guard of http", () => {
          const [request, options, legacyPort] = args;
          const given = typeof options === "string" ? { port: legacyPort } : (options as Endpoint);
          ports.set(request as object, Number(agentOptions(this).port ?? given.port));
        });
        return Reflect.apply(original, this, args);
      },
  );
}

function strip(request: ClientRequest, headers: unknown, policy: OutgoingPolicy, ports: Ports): unknown {
  if (!hasHeader(headers, propagationHeaders())) return headers;
  const destinations = destinationsOf(request, headers, ports);
  const isUnwanted = policy.unwanted(destinations);
  if (isUnwanted === undefined) return headers;
  // Headers that were set one by one stand in the request, where only its own method may remove them.
  const own = request.getHeaderNames().filter(isUnwanted);
  for (const name of own) request.removeHeader(name);
  const stripped = stripHeaders(headers, isUnwanted);
  const names = [...own, ...stripped.names];
  if (names.length > 0) policy.removed(names, destinations);
  return stripped.headers;
}

/** An agent's own options win over those of the request; so its host is where the request goes. */
function destinationsOf(request: ClientRequest, headers: unknown, ports: Ports): readonly Destination[] {
  const port = ports.get(request);
  const { host: agentHost } = agentOptions((request as { readonly agent?: unknown }).agent);
  const hosts = [request.host, ...(typeof agentHost === "string" ? [agentHost] : [])];
  const connections = hosts.map((host) => ({ host: canonicalHost(host), port }));
  const named = hostHeaders(request, headers).map((text) =>
    readAuthority(text, defaultPort(request.protocol)),
  );
  return [...connections, ...absoluteTarget(request.path), ...differingHosts(named, connections)];
}

function hostHeaders(request: ClientRequest, headers: unknown): readonly string[] {
  return Array.isArray(headers)
    ? headerValues(headers, "host")
    : [request.getHeader("host") ?? []].flat().map(String);
}

interface Endpoint {
  readonly host?: unknown;
  readonly port?: unknown;
}

function agentOptions(agent: unknown): Endpoint {
  const options = (agent as { readonly options?: unknown } | undefined)?.options;
  return typeof options === "object" && options !== null ? options : {};
}
