/** What a tree of spans needs to know of one. */
export interface TreeSpan {
  readonly span_id: string;
  readonly parent_span_id: string | null;
  readonly offset_ms: number;
}

export interface SpanRow<T extends TreeSpan> {
  readonly span: T;
  readonly depth: number;
  readonly children: number;
  /** Its parent is named, and not there: it was not sent, not sampled or left out. */
  readonly orphan: boolean;
}

/** Spans as rows, parents before children, children by start. Every span has one row, whatever its parents say. */
export function spanRows<T extends TreeSpan>(
  spans: readonly T[],
  collapsed: ReadonlySet<string>,
): readonly SpanRow<T>[] {
  const byId = new Map(spans.map((span) => [span.span_id, span]));
  const children = new Map<string | undefined, T[]>();
  for (const span of byId.values()) {
    const parent = span.parent_span_id ?? undefined;
    const key = parent !== undefined && byId.has(parent) ? parent : undefined;
    const siblings = children.get(key);
    if (siblings === undefined) children.set(key, [span]);
    else siblings.push(span);
  }
  for (const list of children.values()) list.sort((one, other) => one.offset_ms - other.offset_ms);

  const rows: SpanRow<T>[] = [];
  const seen = new Set<string>();
  const visit = (roots: readonly T[]) => {
    // A stack of its own: a chain of 10,000 spans would end the one of the language.
    const waiting = [...roots].reverse().map((span) => ({ span, depth: 0, hidden: false }));
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { span, depth, hidden } = next;
      if (seen.has(span.span_id)) continue;
      seen.add(span.span_id);
      const below = children.get(span.span_id) ?? [];
      const orphan = span.parent_span_id !== null && !byId.has(span.parent_span_id);
      if (!hidden) rows.push({ span, depth, children: below.length, orphan });
      const hides = hidden || collapsed.has(span.span_id);
      for (let index = below.length - 1; index >= 0; index -= 1) {
        waiting.push({ span: below[index]!, depth: depth + 1, hidden: hides });
      }
    }
  };
  visit(children.get(undefined) ?? []);
  // Spans that are each other's parents hang from no root.
  for (const span of byId.values()) if (!seen.has(span.span_id)) visit([span]);
  return rows;
}
