import { trace } from "@opentelemetry/api";

/** How one traces a stream at first: the span ends when the loop has seen the last chunk. Who leaves earlier ends nothing. */
export async function* spanAtTheEnd<T>(name: string, stream: AsyncIterable<T>): AsyncGenerator<T> {
  const span = trace.getTracer("naive").startSpan(name);
  for await (const chunk of stream) yield chunk;
  span.end();
}
