// The SDK that both sides of a span bench share: loaded as ESM, OpenTelemetry's own context manager, and a processor that
// keeps the last span and exports nothing.
import { context, type Tracer, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { type ReadableSpan, type SpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";

export interface Tracing {
  /** For spans by hand. */
  readonly tracer: Tracer;
  /** The span that ended last: shows that both sides really write the same. */
  lastSpan(): ReadableSpan;
}

/** @param processors For the registered provider only, before the one that keeps the last span. */
export function startTracing(processors: readonly SpanProcessor[] = []): Tracing {
  const keeper = new LastSpan();
  const provider = new TracerProvider({ spanProcessors: [...processors, keeper] });
  // Alike but for `processors`, so that the span by hand stays bare.
  const bare = new TracerProvider({ spanProcessors: [keeper] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  return {
    tracer: bare.getTracer("by-hand"),
    lastSpan() {
      if (keeper.span === undefined) throw new Error("no span has ended yet");
      return keeper.span;
    },
  };
}

class LastSpan implements SpanProcessor {
  span: ReadableSpan | undefined;

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    this.span = span;
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}
