import { checkFunction } from "../../internal/check-name.ts";
import { safely } from "../../internal/warn-once.ts";
import { canonicalHost } from "../../pipeline/propagation/host-name.ts";
import { readPropagateTo } from "../../pipeline/propagation/propagation-config.ts";
import type { McpSide } from "../../telemetry/mcp-metrics.ts";
import type { McpPeer, Message, Transport } from "./messages.ts";
import { TracedTransport } from "./traced-transport.ts";

/** Options of {@link traceMcp}. */
export interface TraceMcpOptions {
  /**
   * Whether trace context and baggage go along in `_meta`. @default true over stdio, in memory and to this machine; over HTTP as
   * AGENT_OTEL_PROPAGATE_TO says of the host
   */
  readonly propagate?: boolean;
  /**
   * Whether who sends a request is trusted to be the parent of our spans; else a link is kept. @default true over stdio and in memory; over
   * HTTP as AGENT_OTEL_TRUST_INCOMING says
   */
  readonly trust?: boolean;
  /** Puts arguments of tools on the spans, with secrets redacted and cut to 4 KiB. @default false */
  readonly capture?: boolean;
}

const TRACED = Symbol.for("agent-otel.mcp.traced");

/**
 * Makes a span of each request that a client or a server of the Model Context Protocol sends or answers: `tools/call {tool}`, CLIENT where
 * it is sent and SERVER where it is answered, in one trace, since trace context goes along in `_meta`. A call of a tool counts as a
 * call of the agent that made it, with its limits; where a span `execute_tool` of the same tool is active already, that one is it.
 *
 * Call it before `connect`. `Client`, `Server` and `McpServer` of `@modelcontextprotocol/sdk` 1.x, of `client` and `server` 2.x.
 *
 * @returns The same object.
 * @throws TypeError when `peer` has no `connect`, or an option is unfit.
 */
export function traceMcp<P extends McpPeer>(peer: P, options: TraceMcpOptions = {}): P {
  const own = peer as P & { [TRACED]?: true };
  checkFunction("traceMcp: peer.connect", own?.connect);
  for (const name of ["propagate", "trust", "capture"] as const)
    if (options[name] !== undefined && typeof options[name] !== "boolean")
      throw new TypeError(`traceMcp: ${name} must be true or false, got ${String(options[name])}`);
  if (own[TRACED]) return peer;
  Object.defineProperty(own, TRACED, { value: true });
  const connect = own.connect;
  const side: McpSide = "setRequestHandler" in own && "callTool" in own ? "client" : "server";
  Object.defineProperty(own, "connect", {
    configurable: true,
    writable: true,
    value(this: unknown, transport: Transport, ...rest: readonly unknown[]): Promise<unknown> {
      safely("tracing a transport of the Model Context Protocol", () =>
        traceTransport(transport, side, options),
      );
      return Reflect.apply(connect as (...args: unknown[]) => Promise<unknown>, this, [transport, ...rest]);
    },
  });
  return peer;
}

function traceTransport(transport: Transport, side: McpSide, options: TraceMcpOptions): void {
  if (TRACED in transport) return;
  Object.defineProperty(transport, TRACED, { value: true });
  const url = urlOf(transport);
  const isHttp = url !== undefined || "handleRequest" in transport || "handlePostMessage" in transport;
  const traced = new TracedTransport(transport, {
    side,
    network: isHttp ? "tcp" : isPipe(transport) ? "pipe" : undefined,
    sends: options.propagate ?? mayLeave(url),
    trusts: options.trust ?? !isHttp,
    capture: options.capture ?? false,
  });
  traced.opened();
  const send = transport.send;
  transport.send = (message, ...rest) =>
    traced.send((sent, ...more) => Reflect.apply(send, transport, [sent, ...more]), message, rest);
  interpose(
    transport,
    "onmessage",
    (handle) =>
      (message: Message, ...rest: readonly unknown[]) =>
        traced.receive(handle, message, rest),
  );
  interpose(transport, "onclose", (handle) => () => {
    safely("ending a session of the Model Context Protocol", () => traced.closed());
    handle();
  });
}

/** Whoever sets a handler, before or when it connects: what the transport calls is ours around it. */
function interpose<K extends "onmessage" | "onclose">(
  transport: Transport,
  name: K,
  around: (handle: NonNullable<Transport[K]>) => NonNullable<Transport[K]>,
): void {
  // Some transports only hand over to another one, by accessors.
  const accessor = accessorOf(transport, name);
  let handler = transport[name] === undefined ? undefined : around(transport[name]);
  const set = (next: Transport[K]) => {
    handler = next === undefined ? undefined : around(next);
    accessor?.set?.call(transport, handler);
  };
  Object.defineProperty(transport, name, { configurable: true, enumerable: true, get: () => handler, set });
}

function accessorOf(object: object, name: string): PropertyDescriptor | undefined {
  for (let each: object | null = object; each !== null; each = Object.getPrototypeOf(each)) {
    const found = Object.getOwnPropertyDescriptor(each, name);
    if (found !== undefined) return found.set === undefined ? undefined : found;
  }
  return undefined;
}

/** Of a client over HTTP; its SDK keeps it in a field that is private to TypeScript alone. */
function urlOf(transport: Transport): URL | undefined {
  const { _url } = transport as { readonly _url?: unknown };
  return _url instanceof URL ? _url : undefined;
}

function isPipe(transport: Transport): boolean {
  return "_serverParams" in transport || "_stdin" in transport || "stderr" in transport;
}

function mayLeave(url: URL | undefined): boolean {
  if (url === undefined) return true;
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  return readPropagateTo(process.env).allows({ host: canonicalHost(url.hostname), port });
}
