import type { TraceRow } from "../../api/traces.ts";
import type { Page, TraceQuery } from "../../sources/sources.ts";
import type { Marks } from "../marks.ts";
import type { Statements } from "../statements.ts";
import type { TraceColumns } from "../write/trace-entry.ts";
import { cursorText, type Place, placeOf } from "./cursor.ts";
import type { ResourceReader } from "./resource-reader.ts";
import { fewCandidates, orderValue, type TraceOrder, walk } from "./trace-drivers.ts";
import { type Candidate, passes, type TraceFilter, traceFilter } from "./trace-filter.ts";
import { traceRow } from "./trace-row.ts";

const ROW = "SELECT * FROM traces WHERE key = ?";
/** Traces that one page looks at. Where it finds too few among them, the next one goes on there. */
const MAX_LOOKED_AT = 20_000;
const BEFORE_ALL: Place = { value: Number.MAX_SAFE_INTEGER, key: Number.MAX_SAFE_INTEGER };

interface Found {
  readonly items: readonly Candidate[];
  readonly next: Place | undefined;
}

/**
 * A page of traces. What is looked at has an end whatever is searched for, so a page may have fewer items than asked for, or none, and
 * still name a next one.
 *
 * @throws BadCursorError
 */
export function searchTraces(
  statements: Statements,
  marks: Marks,
  resources: ResourceReader,
  query: TraceQuery,
): Page<TraceRow> {
  const { order, limit } = query;
  const list = `traces:${order}`;
  const after = placeOf(list, query.cursor) ?? BEFORE_ALL;
  const filter = traceFilter(query, statements, marks);
  if (filter === undefined) return { items: [], next: undefined };
  const few = fewCandidates(statements, order, filter);
  const found =
    few === undefined
      ? walked(statements, order, filter, after, limit)
      : sorted(few, order, filter, after, limit);
  const rows = found.items.map(({ key }) => statements.get(ROW).get(key) as unknown as TraceColumns);
  return {
    items: rows.map((row) => traceRow(row, marks, resources)),
    next: found.next && cursorText(list, found.next),
  };
}

function sorted(
  candidates: readonly Candidate[],
  order: TraceOrder,
  filter: TraceFilter,
  after: Place,
  limit: number,
): Found {
  const items = candidates
    .filter((trace) => isBehind(trace, order, after) && passes(trace, filter))
    .sort((a, b) => orderValue(b, order) - orderValue(a, order) || b.key - a.key);
  const page = items.slice(0, limit);
  const last = page.at(-1);
  return { items: page, next: items.length > limit && last ? placeIn(last, order) : undefined };
}

function isBehind(trace: Candidate, order: TraceOrder, after: Place): boolean {
  const value = orderValue(trace, order);
  return value < after.value || (value === after.value && trace.key < after.key);
}

function walked(
  statements: Statements,
  order: TraceOrder,
  filter: TraceFilter,
  after: Place,
  limit: number,
): Found {
  const items: Candidate[] = [];
  let lookedAt = 0;
  let last: Candidate | undefined;
  for (const trace of walk(statements, order, filter, after)) {
    if (items.length === limit || lookedAt === MAX_LOOKED_AT)
      return { items, next: last && placeIn(last, order) };
    lookedAt += 1;
    last = trace;
    if (passes(trace, filter)) items.push(trace);
  }
  return { items, next: undefined };
}

function placeIn(trace: Candidate, order: TraceOrder): Place {
  return { value: orderValue(trace, order), key: trace.key };
}
