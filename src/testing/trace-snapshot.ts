import { createHash } from "node:crypto";
import { tokenText } from "../telemetry/format-trace-details.ts";
import { formatCost } from "../telemetry/format-trace-numbers.ts";
import { printable } from "../telemetry/format-trace-text.ts";
import { costOf, isModelCall } from "../telemetry/format-trace-totals.ts";
import { type TreeRow, treeRows } from "../telemetry/format-trace-tree.ts";
import { ATTR_ERROR_TYPE } from "../telemetry/semconv.ts";
import { isFailed, type TraceSpan } from "../telemetry/trace-span.ts";
import { spansOf, type Traced } from "./matchers/traced.ts";
import { byStart, fromTheTop } from "./start-order.ts";

/** What else a snapshot says of each span. */
export interface TraceSnapshotOptions {
  /** Tokens of model calls. @default false */
  readonly tokens?: boolean;
  /** Costs of model calls: they change with the price table. @default false */
  readonly costs?: boolean;
  /** Names of the events on spans. @default false */
  readonly events?: boolean;
}

const MAX_NAME_COLUMNS = 120;

/**
 * A trace as text that is the same on every run: names of spans as a tree, types of errors, no ids, no times, no messages. Siblings stand in
 * the order in which they were started; spans without a recorder by their time, and by name and what is below them where that is
 * equal. In which order they ended changes nothing.
 *
 *     expect(traceSnapshot(recorder)).toMatchInlineSnapshot();
 *
 * @returns Lines without a newline at the end, traces with an empty line between them; the empty string for no spans.
 */
export function traceSnapshot(traced: Traced, options: TraceSnapshotOptions = {}): string {
  const spans = unique(spansOf("traceSnapshot", traced));
  const start = byStart(spans);
  const texts = textsBelow(spans, options);
  const ranked = spans.toSorted(
    (one, other) =>
      start(one, other) ||
      compare(one.name, other.name) ||
      compare(texts.get(one) ?? "", texts.get(other) ?? ""),
  );
  // The tree takes siblings by their start: their rank here, whatever the clock said.
  const ordered = ranked.map((span, rank) => ({ ...span, startNs: BigInt(rank) }));
  const traces = Map.groupBy(ordered, ({ traceId }) => traceId);
  return [...traces.values()]
    .map((trace) =>
      treeRows(trace)
        .flatMap((row) => linesOf(row, options))
        .join("\n"),
    )
    .join("\n\n");
}

function unique(spans: readonly TraceSpan[]): TraceSpan[] {
  return [...new Map(spans.map((span) => [`${span.traceId} ${span.spanId}`, span])).values()];
}

/** What stands for a span and all below it, so that siblings that are alike otherwise have one order. */
function textsBelow(
  spans: readonly TraceSpan[],
  options: TraceSnapshotOptions,
): ReadonlyMap<TraceSpan, string> {
  const below = new Map<string, string[]>();
  const texts = new Map<TraceSpan, string>();
  for (const { span } of fromTheTop(spans).reverse()) {
    const hash = createHash("sha256").update(textOf(span, options));
    if (options.events) hash.update(JSON.stringify(span.events.map(({ name }) => name)));
    for (const text of (below.get(span.spanId) ?? []).sort()) hash.update(text);
    const text = hash.digest("hex");
    texts.set(span, text);
    if (span.parentSpanId === undefined) continue;
    const siblings = below.get(span.parentSpanId);
    if (siblings === undefined) below.set(span.parentSpanId, [text]);
    else siblings.push(text);
  }
  return texts;
}

function linesOf({ span, branch, guide, mark }: TreeRow, options: TraceSnapshotOptions): string[] {
  const events = options.events ? span.events : [];
  // A mark may name the id of the parent that is missing.
  const said = mark?.startsWith("parent ") ? "its parent is not here" : mark;
  return [
    `${branch}${textOf(span, options)}${said === undefined ? "" : `  (${said})`}`,
    ...events.map(({ name }) => `${guide}· ${printable(name, MAX_NAME_COLUMNS)}`),
  ];
}

function textOf(span: TraceSpan, { tokens = false, costs = false }: TraceSnapshotOptions): string {
  const { attributes, endNs } = span;
  const isCall = isModelCall(span);
  const cost = costs && isCall ? costOf(attributes) : undefined;
  return [
    printable(span.name, MAX_NAME_COLUMNS),
    tokens && isCall ? tokenText(span) : "",
    cost === undefined ? "" : formatCost(cost.amount, cost.currency),
    errorOf(span),
    endNs === undefined ? "(open)" : "",
  ]
    .filter((part) => part !== "")
    .join("  ");
}

/** The type alone: messages have ids and times in them. */
function errorOf(span: TraceSpan): string {
  const type = span.attributes[ATTR_ERROR_TYPE];
  if (type === undefined && !isFailed(span)) return "";
  return `✗ ${printable(type === undefined ? "error" : String(type), MAX_NAME_COLUMNS)}`;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
