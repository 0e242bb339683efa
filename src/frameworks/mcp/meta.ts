import {
  type Context,
  createTraceState,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  propagation,
  type SpanContext,
  trace,
} from "@opentelemetry/api";
import type { Params, Request } from "./messages.ts";

/** The keys of `_meta` that the protocol keeps for trace context (specification of 2026-07-28). */
const KEYS = ["traceparent", "tracestate", "baggage"] as const;

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const MAX_LENGTH = 8_192;

/** @returns The request with the trace context of `within` in its `_meta`; what the program has put there stays. */
export function withTraceContext(request: Request, within: Context): Request {
  const carrier: Record<string, string> = {};
  propagation.inject(within, carrier);
  const own = trace.getSpanContext(within);
  // A propagator of another format has no place here.
  if (carrier["traceparent"] === undefined && own !== undefined && isSpanContextValid(own))
    carrier["traceparent"] =
      `00-${own.traceId}-${own.spanId}-${own.traceFlags.toString(16).padStart(2, "0")}`;
  const found = KEYS.flatMap((key) => (carrier[key] === undefined ? [] : [[key, carrier[key]] as const]));
  if (found.length === 0) return request;
  const params: Params = {
    ...request.params,
    _meta: { ...Object.fromEntries(found), ...request.params?._meta },
  };
  return { ...request, params };
}

/**
 * The context that a request is to be worked on in.
 *
 * @param trusted Whether its sender's span becomes the parent. Else the propagator decides: with that of `start` a link is kept, unless
 *   AGENT_OTEL_TRUST_INCOMING says that senders are trusted.
 */
export function contextOf({ params }: Request, within: Context, trusted: boolean): Context {
  const carrier: Record<string, string> = {};
  for (const key of KEYS) {
    const value = params?._meta?.[key];
    if (typeof value === "string" && value.length <= MAX_LENGTH) carrier[key] = value;
  }
  const sender = trusted ? senderOf(carrier) : undefined;
  if (sender === undefined) return propagation.extract(within, carrier);
  // The propagator would take a sender that it does not trust itself for a stranger, to be linked to.
  const { baggage } = carrier;
  const parent = baggage === undefined ? within : propagation.extract(within, { baggage });
  return trace.setSpanContext(parent, sender);
}

function senderOf({ traceparent, tracestate }: Readonly<Record<string, string>>): SpanContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? "") ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  const sender: SpanContext = {
    ...INVALID_SPAN_CONTEXT,
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
    ...(tracestate !== undefined && { traceState: createTraceState(tracestate) }),
  };
  return isSpanContextValid(sender) ? sender : undefined;
}
