import {
  type Context,
  diag,
  isSpanContextValid,
  ROOT_CONTEXT,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from "@opentelemetry/api";
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from "@opentelemetry/core";
import { reportFailure, safely } from "../../internal/warn-once.ts";
import { cappedGetter } from "./capped-getter.ts";
import type { TrustIncoming } from "./propagation-config.ts";
import { withRemoteCaller } from "./remote-link.ts";
import { withSessionBaggage, withSessionOfBaggage } from "./session-baggage.ts";
import type { SessionField } from "./session-fields.ts";

export interface IncomingOptions {
  /** @default false: a propagator sees headers alone, and anybody can send those. */
  readonly trustIncoming?: TrustIncoming;
  /** What reads and writes the headers. @default W3C trace context and baggage */
  readonly propagator?: TextMapPropagator;
  /** Of the session at work, in outgoing baggage. @default [] */
  readonly propagateSession?: readonly SessionField[];
}

/**
 * Takes incoming context as a parent, with its baggage, only from senders that the user trusts. From others the caller's ids are
 * kept for `remoteLinkProcessor()`, which makes them a link; sampling is decided here and baggage is dropped.
 *
 * `inject` adds what may leave of the session, and is left as it is else: where context goes is decided by `guardOutgoing`.
 */
export function incomingPropagator(options: IncomingOptions = {}): TextMapPropagator {
  return new IncomingPropagator(
    options.propagator ?? w3c(),
    options.trustIncoming ?? false,
    options.propagateSession ?? [],
  );
}

function w3c(): TextMapPropagator {
  return new CompositePropagator({
    propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()],
  });
}

class IncomingPropagator implements TextMapPropagator {
  readonly #inner: TextMapPropagator;
  readonly #trust: TrustIncoming;
  readonly #sessionFields: readonly SessionField[];
  #told = false;

  constructor(inner: TextMapPropagator, trust: TrustIncoming, sessionFields: readonly SessionField[]) {
    this.#inner = inner;
    this.#trust = trust;
    this.#sessionFields = sessionFields;
  }

  inject<Carrier>(context: Context, carrier: Carrier, setter: TextMapSetter<Carrier>): void {
    let sent = context;
    safely("adding a session to outgoing baggage", () => {
      sent = withSessionBaggage(context, this.#sessionFields);
    });
    this.#inner.inject(sent, carrier, setter);
  }

  extract<Carrier>(context: Context, carrier: Carrier, getter: TextMapGetter<Carrier>): Context {
    try {
      const capped = cappedGetter(getter);
      if (this.#isTrusted(carrier))
        return withSessionOfBaggage(this.#inner.extract(context, carrier, capped));
      const remote = trace.getSpanContext(this.#inner.extract(ROOT_CONTEXT, carrier, capped));
      if (remote === undefined || !isSpanContextValid(remote)) return context;
      this.#tell();
      return withRemoteCaller(context, remote);
    } catch (error) {
      reportFailure("reading incoming trace context", error);
      return context;
    }
  }

  fields(): string[] {
    return this.#inner.fields();
  }

  #isTrusted(carrier: unknown): boolean {
    if (typeof this.#trust === "boolean") return this.#trust;
    try {
      return this.#trust(carrier) === true;
    } catch (error) {
      reportFailure("trustIncoming", error);
      return false;
    }
  }

  #tell(): void {
    if (this.#told) return;
    this.#told = true;
    diag.info(
      "agent-otel: incoming trace context is kept as a link, as its sender is not trusted. " +
        "If only your own services call this one, set AGENT_OTEL_TRUST_INCOMING=true or the option trustIncoming",
    );
  }
}
