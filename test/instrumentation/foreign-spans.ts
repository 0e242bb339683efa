import { type Attributes, type Span, SpanKind, trace } from "@opentelemetry/api";

/** A span as another instrumentation makes it. */
export function foreign(
  name: string,
  attributes: Attributes,
  inside: (span: Span) => void = () => {},
  scope = "another",
): void {
  trace.getTracer(scope).startActiveSpan(name, { kind: SpanKind.CLIENT, attributes }, (span) => {
    inside(span);
    span.end();
  });
}

export const CHAT: Attributes = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": "gpt-4o-mini",
  "gen_ai.usage.input_tokens": 100,
  "gen_ai.usage.output_tokens": 40,
};
// 100 in at 0.15, 40 out at 0.60 USD per million.
export const COST_NANO_USD = 39_000;
