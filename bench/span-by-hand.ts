import { type Attributes, type Span, type SpanKind, SpanStatusCode, type Tracer } from "@opentelemetry/api";

/** What a hand-written span carries: copied from the span of the API that it is compared with. */
export interface SpanContent {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes: Attributes;
  readonly ok: boolean;
}

/** A span around `fn` as people write it from the OpenTelemetry manual: the floor that every agent API is held against. */
export function spanByHand<A extends unknown[], R>(
  tracer: Tracer,
  { name, kind, attributes, ok }: SpanContent,
  fn: (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  return async (...args) =>
    tracer.startActiveSpan(name, { kind, attributes }, async (span: Span) => {
      try {
        const result = await fn(...args);
        if (ok) span.setStatus({ code: SpanStatusCode.OK });
        return result;
      } catch (error) {
        span.recordException(error as Error);
        span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
        throw error;
      } finally {
        span.end();
      }
    });
}
