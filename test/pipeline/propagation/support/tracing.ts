import { type BaggageEntry, context, propagation, type TextMapPropagator, trace } from "@opentelemetry/api";
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from "@opentelemetry/core";
import { SpanRecorder } from "../../../../src/testing/span-recorder.ts";

/** A recorder, and a global propagator as OpenTelemetry has it by default. */
export function startTracing(propagator: TextMapPropagator = w3c()): SpanRecorder {
  const recorder = new SpanRecorder();
  propagation.disable();
  propagation.setGlobalPropagator(propagator);
  return recorder;
}

export function w3c(): TextMapPropagator {
  return new CompositePropagator({
    propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()],
  });
}

/** Runs `fn` in a span, with baggage that nobody else should read. */
export async function traced<T>(fn: () => Promise<T>): Promise<T> {
  const entries: Record<string, BaggageEntry> = { "user.email": { value: "jane@corp.example" } };
  const span = trace.getTracer("test").startSpan("work");
  const active = trace.setSpan(
    propagation.setBaggage(context.active(), propagation.createBaggage(entries)),
    span,
  );
  try {
    return await context.with(active, fn);
  } finally {
    span.end();
  }
}

/** The propagation headers among those that arrived. */
export function leaked(headers: Readonly<Record<string, string | undefined>>): readonly string[] {
  return ["traceparent", "tracestate", "baggage"].filter((name) => headers[name] !== undefined);
}
