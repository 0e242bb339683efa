import type { Span } from "@opentelemetry/api";
import { safely } from "../internal/warn-once.ts";

/** What a model call of ours knows when it ends. */
export interface FinishedCall {
  readonly model: string | undefined;
  /** `undefined`: the answer did not say. */
  readonly tokens: readonly [input: number, output: number] | undefined;
}

/** Asked once, when a model call of ours ends: whether another layer has counted the same call already. */
export type RepeatCheck = (call: FinishedCall) => boolean;

/** Documented registry: filled by the span processor, which sees the spans of every layer. Weak, so nothing is kept. */
const checks = new WeakMap<Span, RepeatCheck>();

export function setRepeatCheck(span: Span, check: RepeatCheck): void {
  checks.set(span, check);
}

/** Whether the model call of `span` repeats one that is counted already. Without an SDK nobody else counts. */
export function repeatsCounted(span: Span | undefined, call: FinishedCall): boolean {
  const check = span && checks.get(span);
  if (check === undefined) return false;
  let repeats = false;
  safely("looking for other layers of a model call", () => {
    repeats = check(call);
  });
  return repeats;
}
