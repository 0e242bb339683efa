import type { Attributes } from "@opentelemetry/api";
import { activeContext } from "../../agent/active-scope.ts";
import { isAgentError } from "../../errors/agent-error.ts";
import { reportFailure, safely } from "../../internal/warn-once.ts";
import { type McpSide, mcpMetrics } from "../../telemetry/mcp-metrics.ts";
import * as names from "../../telemetry/semconv.ts";
import {
  cancelledBy,
  isAnswer,
  isRequest,
  type Message,
  type RequestId,
  type Transport,
} from "./messages.ts";
import { contextOf, withTraceContext } from "./meta.ts";
import { RequestCall } from "./request-call.ts";

/** How a transport is watched. */
export interface TransportFacts {
  /** Of the session; requests go both ways in each. */
  readonly side: McpSide;
  readonly network: "pipe" | "tcp" | undefined;
  /** Whether trace context may leave through it. */
  readonly sends: boolean;
  /** Whether the spans of who sends requests become parents of ours. */
  readonly trusts: boolean;
  readonly capture: boolean;
}

/** A peer that never answers must not make us grow; its oldest requests are given up, as telemetry alone. */
const MOST_OPEN = 10_000;

type Rest = readonly unknown[];

/** Watches the messages of one transport: each request and its answer make a span, on whichever side. */
export class TracedTransport {
  readonly #facts: TransportFacts;
  readonly #transport: Transport;
  readonly #session: Attributes;
  readonly #sent = new Map<RequestId, RequestCall>();
  readonly #received = new Map<RequestId, RequestCall>();
  /** A handler that was set before the peer's own is called by that one, with the same message. */
  readonly #seen = new WeakSet<Message>();
  #startedAt: number | undefined;

  constructor(transport: Transport, facts: TransportFacts) {
    this.#transport = transport;
    this.#facts = facts;
    this.#session = facts.network === undefined ? {} : { [names.ATTR_NETWORK_TRANSPORT]: facts.network };
  }

  /** @param send The transport's own. */
  async send(
    send: (message: Message, ...rest: Rest) => Promise<void>,
    message: Message,
    rest: Rest,
  ): Promise<void> {
    const call = isRequest(message) ? this.#open("client", message) : undefined;
    if (call === undefined || !isRequest(message)) {
      await send(message, ...rest);
      safely("reading a message of the Model Context Protocol", () =>
        this.#told(this.#received, this.#sent, message),
      );
      return;
    }
    keep(this.#sent, message.id, call);
    try {
      const sent = this.#facts.sends ? withTraceContext(message, call.context) : message;
      await call.run(() => send(sent, ...rest));
    } catch (error) {
      this.#sent.delete(message.id);
      call.fail(error);
      throw error;
    }
  }

  /** @param handle The peer's own. */
  receive(handle: (message: Message, ...rest: Rest) => void, message: Message, rest: Rest): void {
    const isNew = !this.#seen.has(message);
    this.#seen.add(message);
    const call = isNew && isRequest(message) ? this.#open("server", message) : undefined;
    if (call !== undefined && isRequest(message)) {
      keep(this.#received, message.id, call);
      call.run(() => handle(message, ...rest));
      return;
    }
    safely("reading a message of the Model Context Protocol", () =>
      this.#told(this.#sent, this.#received, message),
    );
    handle(message, ...rest);
  }

  opened(): void {
    this.#startedAt ??= performance.now();
  }

  closed(): void {
    for (const call of [...this.#sent.values(), ...this.#received.values()]) call.closed();
    this.#sent.clear();
    this.#received.clear();
    if (this.#startedAt === undefined) return;
    mcpMetrics.session(this.#facts.side, (performance.now() - this.#startedAt) / 1_000);
    this.#startedAt = undefined;
  }

  /**
   * @param asked Requests that an answer ends.
   * @param cancellable Requests that a notification from the same side takes back.
   */
  #told(
    asked: Map<RequestId, RequestCall>,
    cancellable: Map<RequestId, RequestCall>,
    message: Message,
  ): void {
    if (isAnswer(message)) {
      const version = message.result?.protocolVersion;
      if (typeof version === "string") this.#session[names.ATTR_MCP_PROTOCOL_VERSION] = version.slice(0, 64);
      asked.get(message.id)?.answered(message);
      asked.delete(message.id);
      return;
    }
    const id = cancelledBy(message);
    if (id === undefined) return;
    cancellable.get(id)?.cancelled();
    cancellable.delete(id);
  }

  #open(side: McpSide, message: Message): RequestCall | undefined {
    if (!isRequest(message)) return undefined;
    try {
      const active = activeContext();
      const parent = side === "client" ? active : contextOf(message, active, this.#facts.trusts);
      return new RequestCall(message, {
        side,
        session: this.#sessionFacts(),
        parent,
        capture: this.#facts.capture,
      });
    } catch (error) {
      if (isAgentError(error)) throw error;
      reportFailure("opening a request of the Model Context Protocol", error);
      return undefined;
    }
  }

  #sessionFacts(): Attributes {
    const { sessionId } = this.#transport;
    return typeof sessionId === "string"
      ? { ...this.#session, [names.ATTR_MCP_SESSION_ID]: sessionId.slice(0, 256) }
      : { ...this.#session };
  }
}

function keep(calls: Map<RequestId, RequestCall>, id: RequestId, call: RequestCall): void {
  calls.set(id, call);
  if (calls.size <= MOST_OPEN) return;
  const [oldest] = calls;
  if (oldest === undefined) return;
  calls.delete(oldest[0]);
  oldest[1].closed();
}
