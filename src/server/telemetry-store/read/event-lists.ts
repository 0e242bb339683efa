import type { Failure, LedgerLine } from "../../api/agents.ts";
import type { FailureSource, LedgerSource, Page } from "../../sources/sources.ts";
import type { Statements } from "../statements.ts";
import { cursorText, type Place, placeOf } from "./cursor.ts";
import { isoTime } from "./trace-row.ts";

type Row = Readonly<Record<string, unknown>>;

const BEFORE_ALL: Place = { value: Number.MAX_SAFE_INTEGER, key: Number.MAX_SAFE_INTEGER };
/** Findings that one page looks at, where it is asked for an agent and a mode. */
const MAX_LOOKED_AT = 20_000;
const BEHIND = "e.time_us <= ? AND (e.time_us < ? OR e.id < ?)";

export function failureSource(statements: Statements): FailureSource {
  return {
    async list({ fromMs, toMs, agent, mode, limit, cursor }) {
      const after = placeOf("failures", cursor) ?? BEFORE_ALL;
      // By the name that says more; the other one is compared row by row.
      const [column, name] =
        mode !== undefined ? ["mode", mode] : agent !== undefined ? ["agent", agent] : [undefined];
      const sql = `SELECT e.id, e.time_us, e.span_id, e.mode, e.agent, e.action, e.evidence,
          (SELECT trace_id FROM traces WHERE key = e.trace) AS trace_id
        FROM findings e WHERE ${column === undefined ? "" : `e.${column} = ? AND `}e.time_us >= ? AND e.time_us < ? AND ${BEHIND}
        ORDER BY e.time_us DESC, e.id DESC`;
      const values = [...(name === undefined ? [] : [name]), fromMs * 1e3, toMs * 1e3];
      const rows = statements.get(sql).iterate(...values, after.value, after.value, after.key);
      const matches = (row: Row): boolean => agent === undefined || row["agent"] === agent;
      return page("failures", rows, limit, matches, failureOf);
    },
  };
}

function failureOf(row: Row): Failure {
  return {
    mode: String(row["mode"]),
    agent: String(row["agent"]),
    time: isoTime(Number(row["time_us"])),
    trace_id: String(row["trace_id"] ?? ""),
    span_id: String(row["span_id"]),
    action: String(row["action"]),
    evidence: JSON.parse(String(row["evidence"])) as Failure["evidence"],
  };
}

/** What breakers did, as far as it was an event of a span: each of the four ways to ask has an index. */
export function ledgerSource(statements: Statements): LedgerSource {
  return {
    async list({ breaker, kind, limit, cursor }) {
      const after = placeOf("ledger", cursor) ?? BEFORE_ALL;
      const sql = `SELECT e.id, e.time_us, e.kind, e.breaker, e.from_state, e.to_state, e.reason, e.error_type,
          (SELECT trace_id FROM traces WHERE key = e.trace) AS trace_id
        FROM breaker_events e WHERE ${breaker === undefined ? "" : "e.breaker = ? AND "}${kind === undefined ? "" : "e.kind = ? AND "}${BEHIND}
        ORDER BY e.time_us DESC, e.id DESC`;
      const values = [breaker, kind].filter((value) => value !== undefined);
      const rows = statements.get(sql).iterate(...values, after.value, after.value, after.key);
      return page("ledger", rows, limit, () => true, ledgerLineOf);
    },
  };
}

function ledgerLineOf(row: Row): LedgerLine {
  return {
    time: isoTime(Number(row["time_us"])),
    kind: String(row["kind"]),
    breaker: String(row["breaker"]),
    from: textOr(row["from_state"]),
    to: textOr(row["to_state"]),
    reason: textOr(row["reason"]),
    error_type: textOr(row["error_type"]),
    actor: null,
    trace_id: textOr(row["trace_id"]),
  };
}

function page<T>(
  list: string,
  rows: Iterable<Row>,
  limit: number,
  matches: (row: Row) => boolean,
  itemOf: (row: Row) => T,
): Page<T> {
  const items: T[] = [];
  let last: Row | undefined;
  let lookedAt = 0;
  for (const row of rows) {
    if (items.length === limit || lookedAt === MAX_LOOKED_AT)
      return {
        items,
        next: last && cursorText(list, { value: Number(last["time_us"]), key: Number(last["id"]) }),
      };
    lookedAt += 1;
    last = row;
    if (matches(row)) items.push(itemOf(row));
  }
  return { items, next: undefined };
}

function textOr(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
