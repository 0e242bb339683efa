import { type Span, trace } from "@opentelemetry/api";

/** How one traces a generator at first: it is made inside `startActiveSpan`, but runs when its items are asked for. */
export function generatorStartedActive<T>(name: string, make: () => AsyncGenerator<T>): AsyncGenerator<T> {
  return trace.getTracer("naive").startActiveSpan(name, (span) => ended(span, make()));
}

async function* ended<T>(span: Span, items: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield* items;
  } finally {
    span.end();
  }
}
