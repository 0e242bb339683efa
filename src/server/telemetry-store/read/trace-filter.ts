import type { TraceQuery } from "../../sources/sources.ts";
import type { MarkKind, Marks } from "../marks.ts";
import type { Statements } from "../statements.ts";

/** What of a trace a search looks at. */
export interface Candidate {
  readonly key: number;
  readonly trace_id: string;
  readonly start_us: number;
  readonly duration_us: number;
  readonly cost: number;
  readonly errors: number;
  readonly findings: number;
  readonly marks: string;
}

// A name of a span is one of few, so that they are looked through: but not without end.
const NAMES = `SELECT id FROM (SELECT id, name FROM marks WHERE kind = 5 ORDER BY id DESC LIMIT 20000)
  WHERE instr(lower(name), ?) > 0 LIMIT 500`;
const HEX = /^[0-9a-f]{1,32}$/;
const MARKED: readonly Exclude<MarkKind, "span">[] = ["agent", "model", "tool", "conversation"];

/** A search, with its names looked up. */
export interface TraceFilter {
  readonly fromUs: number;
  readonly toUs: number;
  /** Only those with, or only those without. */
  readonly failed: boolean | undefined;
  readonly findings: boolean | undefined;
  readonly minCost: number | undefined;
  readonly minDurationUs: number | undefined;
  /** A trace has one of each set. */
  readonly marks: readonly ReadonlySet<number>[];
  readonly text: { readonly traceId: string | undefined; readonly names: ReadonlySet<number> } | undefined;
}

/** `undefined`: a name that nothing has. */
export function traceFilter(
  query: TraceQuery,
  statements: Statements,
  marks: Marks,
): TraceFilter | undefined {
  const sets: ReadonlySet<number>[] = [];
  for (const kind of MARKED) {
    const name = query[kind];
    if (name === undefined) continue;
    const id = marks.find(kind, name);
    if (id === undefined) return undefined;
    sets.push(new Set([id]));
  }
  const text = query.text === undefined || query.text === "" ? undefined : textFilter(query.text, statements);
  if (text !== undefined && text.traceId === undefined && text.names.size === 0) return undefined;
  return {
    fromUs: Math.floor(query.fromMs * 1e3),
    toUs: Math.ceil(query.toMs * 1e3),
    failed: query.failed,
    findings: query.findings,
    minCost: query.minCostUsd === undefined ? undefined : Math.round(query.minCostUsd * 1e9),
    minDurationUs: query.minDurationMs === undefined ? undefined : Math.round(query.minDurationMs * 1e3),
    marks: sets,
    text,
  };
}

function textFilter(text: string, statements: Statements): NonNullable<TraceFilter["text"]> {
  const wanted = text.toLowerCase();
  const names = statements.get(NAMES).all(wanted);
  return {
    traceId: HEX.test(wanted) ? wanted : undefined,
    names: new Set(names.map(({ id }) => Number(id))),
  };
}

export function passes(trace: Candidate, filter: TraceFilter): boolean {
  if (trace.start_us < filter.fromUs || trace.start_us >= filter.toUs) return false;
  if (filter.failed !== undefined && filter.failed !== trace.errors > 0) return false;
  if (filter.findings !== undefined && filter.findings !== trace.findings > 0) return false;
  if (filter.minCost !== undefined && trace.cost < filter.minCost) return false;
  if (filter.minDurationUs !== undefined && trace.duration_us < filter.minDurationUs) return false;
  return hasNames(trace, filter);
}

function hasNames(trace: Candidate, { marks, text }: TraceFilter): boolean {
  if (marks.length === 0 && text === undefined) return true;
  const ids = JSON.parse(trace.marks) as readonly number[];
  const has = (wanted: ReadonlySet<number>): boolean => ids.some((id) => wanted.has(id));
  if (!marks.every(has)) return false;
  if (text === undefined) return true;
  return (text.traceId !== undefined && trace.trace_id.startsWith(text.traceId)) || has(text.names);
}
