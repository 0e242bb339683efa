import { readEvaluation, type ToldEvaluation } from "./evaluations.ts";
import { costColumn, errorText, SAID_ON_THE_LINE, subtreeColumn, tokenText } from "./format-trace-details.ts";
import { type Line, type Piece, paint, setLines } from "./format-trace-lines.ts";
import { counted, formatCost, formatDuration } from "./format-trace-numbers.ts";
import { printable } from "./format-trace-text.ts";
import { isModelCall, traceTotals } from "./format-trace-totals.ts";
import { type TreeRow, treeRows } from "./format-trace-tree.ts";
import { ATTR_OPERATION, ATTR_SERVICE_NAME, OP_INVOKE_AGENT, OP_INVOKE_WORKFLOW } from "./semconv.ts";
import { fromSdkSpan, isFailed, type SdkSpan, type TraceEvent, type TraceSpan } from "./trace-span.ts";

export interface FormatTraceOptions {
  /** ANSI colours, for a terminal. @default false */
  readonly color?: boolean;
  /** Print the attributes that the lines do not say already, those of events in full. @default false */
  readonly attributes?: boolean;
  /** Cuts longer lines, in terminal columns, at least 20. @default not cut; names and values have bounds of their own */
  readonly width?: number;
}

const MAX_NAME_COLUMNS = 80;
const MAX_VALUE_COLUMNS = 160;
// Beside an event there is no room for a whole attribute value.
const MAX_EVENT_DETAIL_COLUMNS = 100;

/**
 * Traces as text: one tree each, with times, tokens, cost and errors. The cost column holds model calls only, so it
 * adds up to the sum in the head line; what agents and workflows spent below them stands beside it.
 *
 * @param spans Of one trace or several, in any order: from the SDK (an in-memory exporter, for instance) or read from
 *   a trace file. Spans that come twice count once.
 * @returns Lines that each end in a newline; the empty string for no spans.
 */
export function formatTrace(spans: Iterable<TraceSpan | SdkSpan>, options: FormatTraceOptions = {}): string {
  const { color = false, width = Number.POSITIVE_INFINITY } = options;
  if (!(width >= 20)) throw new RangeError(`formatTrace: width must be a number >= 20, got ${width}`);
  const plain = Array.from(spans, (span) => ("spanContext" in span ? fromSdkSpan(span) : span));
  const traces = [...Map.groupBy(plain, (span) => span.traceId).values()].map(unique);
  return traces
    .toSorted((a, b) => (extent(a.spans).startNs < extent(b.spans).startNs ? -1 : 1))
    .map(({ spans: own, repeats }) => {
      const lines = setLines(treeLines(own, options), color, width);
      return [head(own, repeats, color), "", ...lines, ""].join("\n");
    })
    .join("\n");
}

function unique(spans: readonly TraceSpan[]): { spans: TraceSpan[]; repeats: number } {
  const byId = new Map<string, TraceSpan>();
  for (const span of spans) if (!byId.has(span.spanId)) byId.set(span.spanId, span);
  return { spans: [...byId.values()], repeats: spans.length - byId.size };
}

function head(spans: readonly TraceSpan[], repeats: number, color: boolean): string {
  const { calls, tokens, costs, unpriced } = traceTotals(spans);
  const errors = spans.filter(isFailed).length;
  const { startNs, endNs } = extent(spans);
  const facts = [formatDuration(endNs - startNs), counted(calls, "call")];
  if (calls > 0) facts.push(counted(tokens, "token"));
  if (costs.size > 0)
    facts.push([...costs].map(([currency, amount]) => formatCost(amount, currency)).join(" + "));
  if (unpriced > 0) facts.push(`${counted(unpriced, "call")} without a price`);
  if (repeats > 0) facts.push(`${counted(repeats, "repeated span")} left out`);
  const parts: Piece[] = [
    { text: `Trace ${printable(spans[0]!.traceId, 32)}`, tone: "strong" },
    { text: ` — ${facts.join(" — ")}`, tone: "plain" },
  ];
  if (errors > 0) parts.push({ text: ` — ${counted(errors, "error")}`, tone: "error" });
  return paint(parts, color);
}

function treeLines(spans: readonly TraceSpan[], { attributes = false }: FormatTraceOptions): Line[] {
  const rows = treeRows(spans);
  const ordered = rows.map((row) => row.span);
  const costs = costColumn(ordered);
  const subtrees = subtreeColumn(ordered);
  const manyServices = new Set(spans.map(serviceOf)).size > 1;
  return rows.flatMap((row, index) => [
    spanLine(row, costs[index]!, subtrees[index]!, manyServices),
    ...(attributes ? attributeLines(row.guide, row.span.attributes, SAID_ON_THE_LINE) : []),
    ...linkLines(row),
    ...row.span.events.flatMap((event) => eventLines(row, event, attributes)),
  ]);
}

function spanLine(row: TreeRow, cost: string, subtree: string, manyServices: boolean): Line {
  const { span, branch, mark, parent } = row;
  const error = errorText(span);
  const service = manyServices && (!parent || serviceOf(parent) !== serviceOf(span)) ? serviceOf(span) : "";
  const detail: Piece[] = [
    { text: isModelCall(span) ? tokenText(span) : subtree, tone: "plain" },
    { text: error ?? "", tone: "error" },
    { text: service && `in ${printable(service, MAX_NAME_COLUMNS)}`, tone: "quiet" },
    { text: mark === undefined ? "" : `(${mark})`, tone: "quiet" },
  ];
  return {
    label: [
      { text: branch, tone: "quiet" },
      { text: printable(span.name, MAX_NAME_COLUMNS), tone: error === undefined ? toneOf(span) : "error" },
    ],
    time: span.endNs === undefined ? "open" : formatDuration(span.endNs - span.startNs),
    cost,
    detail: detail
      .filter(({ text }) => text !== "")
      .flatMap((piece, index) => (index === 0 ? [piece] : [{ text: "  ", tone: "plain" }, piece])),
  };
}

/** In full: it is what the other trace is asked for with. */
function linkLines({ span, guide }: TreeRow): Line[] {
  return (span.links ?? []).map(({ traceId, spanId }) => ({
    label: [
      {
        text: `${guide}↪ goes on with trace ${printable(traceId, 32)} span ${printable(spanId, 16)}`,
        tone: "quiet",
      },
    ],
  }));
}

function eventLines({ span, guide }: TreeRow, event: TraceEvent, inFull: boolean): Line[] {
  const line: Line = {
    label: [{ text: `${guide}· ${printable(event.name, MAX_NAME_COLUMNS)}`, tone: "quiet" }],
    time: `+${formatDuration(event.timeNs - span.startNs)}`,
    detail: inFull ? [] : [{ text: eventText(event), tone: "quiet" }],
  };
  return inFull ? [line, ...attributeLines(`${guide}  `, event.attributes, new Set())] : [line];
}

function eventText({ name, attributes }: TraceEvent): string {
  const evaluation = readEvaluation(name, attributes);
  if (evaluation !== undefined) return printable(evaluationText(evaluation), MAX_EVENT_DETAIL_COLUMNS);
  const { "exception.type": type, "exception.message": message } = attributes;
  // A stack trace does not fit on a line, so an exception is its type and message here.
  if (type !== undefined || message !== undefined) {
    return printable([type, message].filter(Boolean).join(": "), MAX_EVENT_DETAIL_COLUMNS);
  }
  const pairs = Object.entries(attributes).map(
    ([key, value]) => `${key}=${valueText(value, MAX_EVENT_DETAIL_COLUMNS)}`,
  );
  return printable(pairs.join(" "), MAX_EVENT_DETAIL_COLUMNS);
}

/** `relevance 0.8 relevant: names the river` */
function evaluationText({ name, score, label, explanation }: ToldEvaluation): string {
  const verdict = [name, score, label].filter((part) => part !== undefined).join(" ");
  return explanation === undefined ? verdict : `${verdict}: ${explanation}`;
}

function attributeLines(
  guide: string,
  attributes: TraceSpan["attributes"],
  said: ReadonlySet<string>,
): Line[] {
  return Object.entries(attributes)
    .filter(([key, value]) => !said.has(key) && value !== undefined)
    .map(([key, value]) => ({
      label: [
        { text: guide, tone: "quiet" },
        {
          text: `${printable(key, MAX_NAME_COLUMNS)}: ${valueText(value, MAX_VALUE_COLUMNS)}`,
          tone: "quiet",
        },
      ],
    }));
}

function valueText(value: unknown, maxColumns: number): string {
  if (typeof value === "string") return printable(value, maxColumns);
  return printable(asJson(value), maxColumns);
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // A circle or a bigint: nothing that an SDK lets pass, but a plain object given by hand may hold it.
    return String(value);
  }
}

function toneOf(span: TraceSpan): Piece["tone"] {
  if (isModelCall(span)) return "model";
  const operation = span.attributes[ATTR_OPERATION];
  return operation === OP_INVOKE_AGENT || operation === OP_INVOKE_WORKFLOW ? "name" : "plain";
}

function serviceOf(span: TraceSpan): string {
  const name = span.resource[ATTR_SERVICE_NAME];
  return typeof name === "string" ? name : "";
}

/** From the first start to the last end that is known. */
function extent(spans: readonly TraceSpan[]): { startNs: bigint; endNs: bigint } {
  let startNs = spans[0]!.startNs;
  let endNs = startNs;
  for (const span of spans) {
    const lastNs = span.endNs ?? span.startNs;
    if (span.startNs < startNs) startNs = span.startNs;
    if (lastNs > endNs) endNs = lastNs;
  }
  return { startNs, endNs };
}
