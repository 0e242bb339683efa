import { counted, formatCost } from "../../telemetry/format-trace-numbers.ts";
import { isModelCall, isUnpriced, traceTotals } from "../../telemetry/format-trace-totals.ts";
import { ATTR_USAGE_INPUT, ATTR_USAGE_OUTPUT } from "../../telemetry/semconv.ts";
import { isFailed, type TraceSpan } from "../../telemetry/trace-span.ts";
import { type MatchResult, matchResult } from "./match-result.ts";
import { finishedSpansOf, type Traced, treeOf } from "./traced.ts";

/**
 * Whether all model calls together cost less than so many US dollars.
 *
 * @throws Error where that cannot be told, with and without `.not`: spans are open; a call has no price, or one in another currency, or never
 *   said its tokens, and what is known is less. Unknown is not free.
 */
export function toCostLessThan(traced: Traced, usd: number): MatchResult {
  checkLimit("toCostLessThan: usd", usd);
  const spans = finishedSpansOf("toCostLessThan", traced);
  const { costs, calls } = traceTotals(spans);
  const foreign = [...costs.keys()].filter((currency) => currency !== "USD");
  if (foreign.length > 0) fail("toCostLessThan", `calls cost ${foreign.join(", ")}`, spans);
  const cost = costs.get("USD") ?? 0;
  const pass = cost < usd;
  if (pass)
    checkKnown("toCostLessThan", spans, (span) => isUnpriced(span) || isSilent(span), "no known cost");
  return matchResult(
    spans,
    pass,
    `to cost less than ${formatCost(usd)}`,
    `${counted(calls, "call")} cost ${formatCost(cost)}`,
  );
}

/**
 * Whether all model calls together used fewer tokens than that, input and output added up, cached ones included.
 *
 * @throws Error where that cannot be told, with and without `.not`: spans are open; or a call never said its tokens, and what is known is less.
 */
export function toUseFewerTokensThan(traced: Traced, tokens: number): MatchResult {
  checkLimit("toUseFewerTokensThan: tokens", tokens);
  const spans = finishedSpansOf("toUseFewerTokensThan", traced);
  const { tokens: used, calls } = traceTotals(spans);
  const pass = used < tokens;
  if (pass) checkKnown("toUseFewerTokensThan", spans, isSilent, "no known tokens");
  return matchResult(
    spans,
    pass,
    `to use fewer than ${counted(tokens, "token")}`,
    `${counted(calls, "call")} used ${counted(used, "token")}`,
  );
}

function checkLimit(option: string, value: unknown): void {
  if (typeof value === "number" && value > 0 && Number.isFinite(value)) return;
  throw new RangeError(`${option} must be a finite number > 0, got ${String(value)}`);
}

/** A call that succeeded and said nothing of its tokens. One that failed was not billed. */
function isSilent(span: TraceSpan): boolean {
  const { [ATTR_USAGE_INPUT]: input, [ATTR_USAGE_OUTPUT]: output } = span.attributes;
  return isModelCall(span) && !isFailed(span) && input === undefined && output === undefined;
}

function checkKnown(
  what: string,
  spans: readonly TraceSpan[],
  isUnknown: (span: TraceSpan) => boolean,
  missing: string,
): void {
  const unknown = spans.filter(isUnknown);
  if (unknown.length === 0) return;
  const names = [...new Set(unknown.map(({ name }) => name))];
  fail(what, `${counted(unknown.length, "call")} (${names.join(", ")}) with ${missing}`, spans);
}

function fail(what: string, why: string, spans: readonly TraceSpan[]): never {
  throw new Error(`${what}: cannot tell: ${why}\n\n${treeOf(spans)}`);
}
