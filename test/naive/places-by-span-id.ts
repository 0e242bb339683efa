import type { SpanProcessor } from "@opentelemetry/sdk-trace";

/**
 * How one remembers something of a span at first: in a map by its id, deleted when it ends. A stream that somebody leaves,
 * and whose span is followed in `onStart` alone, stays in there.
 */
export function placesBySpanId(): SpanProcessor {
  const places = new Map<string, object>();
  return {
    onStart: (span) => void places.set(span.spanContext().spanId, { name: span.name, at: performance.now() }),
    onEnd(span) {
      if (span.attributes["gen_ai.response.finish_reasons"] !== undefined) {
        places.delete(span.spanContext().spanId);
      }
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}
