import { formatTrace } from "../../telemetry/format-trace.ts";
import { fromSdkSpan, type SdkSpan, type TraceSpan } from "../../telemetry/trace-span.ts";
import type { SpanRecorder } from "../span-recorder.ts";
import { inStartOrder } from "../start-order.ts";

/** What can be looked at: a recorder, with the spans that are still open; or spans, of the SDK or as plain data. */
export type Traced = Pick<SpanRecorder, "spans" | "openSpans"> | Iterable<TraceSpan | SdkSpan>;

/** The spans in the order in which they were started. @throws TypeError for anything else than a recorder or spans. */
export function spansOf(what: string, traced: Traced): TraceSpan[] {
  if (isRecorder(traced)) return inStartOrder([...traced.spans, ...traced.openSpans]);
  const spans = isIterable(traced) ? [...traced] : undefined;
  if (spans?.every(isSpan))
    return inStartOrder(spans.map((span) => ("spanContext" in span ? fromSdkSpan(span) : span)));
  throw new TypeError(
    `${what}: needs a SpanRecorder or a list of spans, got ${spans ? "a list of others" : typeof traced}`,
  );
}

/** Those spans once none is open. @throws Error that names the open ones: what they will cost or do is not known yet. */
export function finishedSpansOf(what: string, traced: Traced): TraceSpan[] {
  const spans = spansOf(what, traced);
  const open = spans.filter(({ endNs }) => endNs === undefined);
  if (open.length === 0) return spans;
  throw new Error(
    `${what}: cannot tell while spans are open (${open.map(({ name }) => name).join(", ")}); ` +
      `await recorder.settled() first\n\n${treeOf(spans)}`,
  );
}

/** The traces as a failed assertion shows them. */
export function treeOf(spans: readonly TraceSpan[]): string {
  return spans.length === 0 ? "There are no spans." : formatTrace(spans).trimEnd();
}

/** By its shape: it may come from another copy of this package. */
function isRecorder(value: unknown): value is Pick<SpanRecorder, "spans" | "openSpans"> {
  return typeof value === "object" && value !== null && "spans" in value && "openSpans" in value;
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

function isSpan(value: unknown): value is TraceSpan | SdkSpan {
  if (typeof value !== "object" || value === null || !("attributes" in value)) return false;
  return "spanContext" in value || "spanId" in value;
}
