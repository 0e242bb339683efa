import { counted } from "../../telemetry/format-trace-numbers.ts";
import type { TraceSpan } from "../../telemetry/trace-span.ts";
import { treeOf } from "./traced.ts";

/** What a matcher found, in the shape that `expect.extend` of Vitest and Jest takes. */
export interface MatchResult {
  readonly pass: boolean;
  /** Why the assertion failed: where it passed, why its `.not` did. Ends with the trace. */
  message(): string;
}

/**
 * @param wanted Goes on after "expected the trace", as in "to have called writer".
 * @param found What was found, in a sentence.
 */
export function matchResult(
  spans: readonly TraceSpan[],
  pass: boolean,
  wanted: string,
  found: string,
): MatchResult {
  return {
    pass,
    message: () => `expected the trace ${pass ? "not " : ""}${wanted}: ${found}\n\n${treeOf(spans)}`,
  };
}

/** `never`, `once`, `3 times`. */
export function times(count: number): string {
  return count === 0 ? "never" : count === 1 ? "once" : counted(count, "time");
}
