import type { TraceSpan } from "./trace-span.ts";

/** Deeper spans keep this indentation and say their depth: lines would otherwise grow without end. */
const MAX_DEPTH = 32;

/** One span at its place in the printed tree. */
export interface TreeRow {
  readonly span: TraceSpan;
  /** What stands before the name: guides and branch. */
  readonly branch: string;
  /** What stands before lines that belong to this span and come below it. */
  readonly guide: string;
  /** Why the span is a root although it has a parent, or how deep it is: `undefined` for most. */
  readonly mark: string | undefined;
  readonly parent: TraceSpan | undefined;
}

/**
 * Puts the spans of one trace in the order in which they are printed: parents first, siblings by start. Every span
 * comes once, also when its parent is missing or when parents form a circle.
 *
 * @param spans With ids that occur once.
 */
export function treeRows(spans: readonly TraceSpan[]): TreeRow[] {
  const sorted = spans.toSorted((a, b) => (a.startNs < b.startNs ? -1 : a.startNs > b.startNs ? 1 : 0));
  const byId = new Map(sorted.map((span) => [span.spanId, span]));
  const children = Map.groupBy(sorted, (span) => span.parentSpanId);
  const rows: TreeRow[] = [];
  const seen = new Set<TraceSpan>();

  const grow = (root: TraceSpan, mark: string | undefined): void => {
    // A stack of our own: a chain of ten thousand spans would overflow the one of the engine.
    const open: Place[] = [{ span: root, depth: 0, lead: "", last: true, parent: undefined }];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      seen.add(place.span);
      // Each span has one parent, so only the root of a circle can come up again.
      const below = (children.get(place.span.spanId) ?? []).filter((child) => !seen.has(child));
      const lead = leadBelow(place);
      rows.push(row(place, lead, below.length > 0, mark));
      for (const [index, span] of [...below.entries()].reverse()) {
        open.push({
          span,
          depth: place.depth + 1,
          lead,
          last: index === below.length - 1,
          parent: place.span,
        });
      }
    }
  };

  for (const span of sorted) {
    const { parentSpanId } = span;
    if (parentSpanId === undefined) grow(span, undefined);
    else if (!byId.has(parentSpanId)) grow(span, `parent ${parentSpanId} is not here`);
  }
  // What no root reaches hangs in a circle.
  for (const span of sorted) if (!seen.has(span)) grow(span, "its parents form a circle");
  return rows;
}

interface Place {
  readonly span: TraceSpan;
  readonly depth: number;
  readonly lead: string;
  readonly last: boolean;
  readonly parent: TraceSpan | undefined;
}

function row(place: Place, lead: string, hasChildren: boolean, rootMark: string | undefined): TreeRow {
  const { span, depth, last, parent } = place;
  const branch = depth === 0 ? "" : place.lead + (last ? "└─ " : "├─ ");
  const mark = depth === 0 ? rootMark : depth > MAX_DEPTH ? `depth ${depth}` : undefined;
  return { span, branch, guide: lead + (hasChildren ? "│  " : "   "), mark, parent };
}

function leadBelow({ depth, lead, last }: Place): string {
  if (depth === 0 || depth >= MAX_DEPTH) return lead;
  return lead + (last ? "   " : "│  ");
}
