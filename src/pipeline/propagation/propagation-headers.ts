import { propagation } from "@opentelemetry/api";

/**
 * What the propagators of OpenTelemetry write (W3C, B3, Jaeger, OpenTracing, Google Cloud), and Sentry's, which is built on it.
 * Not in the list: `x-amzn-trace-id`, since AWS's own clients set it against endless loops of Lambda calls, and it goes once an X-Ray
 * propagator is active, by its `fields()`; `x-datadog-*`, which belongs to a tracer with rules of its own.
 */
const KNOWN =
  /^(?:traceparent|tracestate|baggage|b3|uber-trace-id|x-cloud-trace-context|grpc-trace-bin|sentry-trace)$|^(?:x-b3-|uberctx-|ot-tracer-|ot-baggage-)/i;
const WITH_BAGGAGE = /^(?:baggage$|uberctx-|ot-baggage-)/i;

/** Tells by its name, in any case of letters, whether a header carries trace context or baggage. */
export type HeaderTest = (name: string) => boolean;

/** The test for one request: the program may register its propagator at any time. */
export function propagationHeaders(): HeaderTest {
  const more = otherFields();
  if (more.length === 0) return isKnown;
  return (name) => isKnown(name) || more.includes(name.toLowerCase());
}

export function carriesBaggage(name: string): boolean {
  return WITH_BAGGAGE.test(name);
}

function isKnown(name: string): boolean {
  return KNOWN.test(name);
}

/** What the active propagator writes beyond the known. */
function otherFields(): readonly string[] {
  try {
    return propagation
      .fields()
      .filter((field) => !isKnown(field))
      .map((field) => field.toLowerCase());
  } catch {
    // A propagator that throws still leaves the known names.
    return [];
  }
}
