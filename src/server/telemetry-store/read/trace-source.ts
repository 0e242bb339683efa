import type { StoredTrace, TraceSource } from "../../sources/sources.ts";
import type { Marks } from "../marks.ts";
import type { Statements } from "../statements.ts";
import type { TraceColumns } from "../write/trace-entry.ts";
import { ResourceReader } from "./resource-reader.ts";
import { storedLogs, storedSpans } from "./stored-spans.ts";
import { traceRow } from "./trace-row.ts";
import { searchTraces } from "./trace-search.ts";

const FIND = "SELECT * FROM traces WHERE trace_id = ? AND spans > 0";

export function traceSource(statements: Statements, marks: Marks): TraceSource {
  const resources = new ResourceReader(statements);
  return {
    search: async (query) => searchTraces(statements, marks, resources, query),
    async get(traceId): Promise<StoredTrace | undefined> {
      const columns = statements.get(FIND).get(traceId) as TraceColumns | undefined;
      if (columns === undefined) return undefined;
      const { spans, truncated } = storedSpans(statements, resources, columns);
      const lines = storedLogs(statements, resources, columns.key);
      return {
        row: traceRow(columns, marks, resources),
        spans,
        logs: lines.logs,
        truncated: truncated || lines.truncated,
      };
    },
  };
}
