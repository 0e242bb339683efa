import { context, trace } from "@opentelemetry/api";

/**
 * How one instruments a call at first: the input as an attribute, and the error with `recordException`, whose message and stack
 * hold what the provider and the program put there.
 */
export function recordWhole(where: string, text: string, error: unknown): void {
  const span = trace.getTracer("naive").startSpan(`work ${where}`, {}, context.active());
  span.setAttribute("input", text);
  if (error instanceof Error) span.recordException(error);
  span.end();
}
