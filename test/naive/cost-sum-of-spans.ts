import type { TraceSpan } from "../../src/telemetry/trace-span.ts";

const INPUT = ["gen_ai.usage.input_tokens", "llm.token_count.prompt", "ai.usage.inputTokens"];

/** How one adds up a trace at first: the tokens of every span that says some, whatever the span is. */
export function inputOfAllSpans(spans: readonly TraceSpan[]): number {
  return spans.reduce((sum, { attributes }) => {
    const said = INPUT.map((name) => attributes[name]).find((value) => value !== undefined);
    return sum + Number(said ?? 0);
  }, 0);
}
