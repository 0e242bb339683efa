import type { TraceRow } from "../../../server/api/traces.ts";
import type { TraceSource } from "../../../server/sources/sources.ts";
import { CliError } from "../../cli-error.ts";
import type { Terminal } from "../../command.ts";
import { readTelemetry } from "../../telemetry/telemetry-file.ts";
import type { TraceEntry } from "../../trace-index.ts";
import { jsonLine } from "../ledger/json-line.ts";
import { chooseTrace, listed } from "./choose-trace.ts";
import type { FromStore, TraceArgs } from "./options.ts";
import { showSpans } from "./show-spans.ts";

/** A page of a source. */
const PAGE = 500;
const SHOWN = 20;
/** Of those that a text is found in: an id and the name of a span may both begin so. */
const MOST_PAGES = 20;
const ID_DIGITS = 32;

/** @throws UsageError, CliError. */
export async function showStored(
  { file, traceId }: FromStore,
  args: TraceArgs,
  terminal: Terminal,
): Promise<void> {
  await readTelemetry(file, async ({ traces }, path) => {
    if (args.list) {
      const rows = await search(traces, undefined, args.limit ?? SHOWN);
      if (args.json) terminal.out(rows.map(jsonLine).join(""));
      else terminal.out(rows.length === 0 ? "No traces yet.\n" : listed(rows.map(entryOf)));
      return;
    }
    const id = traceId?.length === ID_DIGITS ? traceId : await idOf(traces, traceId, path);
    const stored = await traces.get(id);
    if (stored === undefined) throw new CliError(`there is no trace ${id} in ${path}`);
    showSpans(stored.spans, args, terminal);
    if (stored.truncated) terminal.note(`\nThe first ${stored.spans.length} of its spans.`);
  });
}

async function idOf(traces: TraceSource, prefix: string | undefined, path: string): Promise<string> {
  const found = (await search(traces, prefix, PAGE * MOST_PAGES)).filter(({ trace_id }) =>
    trace_id.startsWith(prefix ?? ""),
  );
  const newest = found.length > 0 ? found : await search(traces, undefined, SHOWN);
  if (newest.length === 0) throw new CliError(`there are no traces in ${path} yet`);
  const place = { name: path, verb: "has", newest: newest.map(entryOf) };
  return chooseTrace(found.map(entryOf), prefix, place).traceId;
}

/** The newest first. */
async function search(
  traces: TraceSource,
  text: string | undefined,
  limit: number,
): Promise<readonly TraceRow[]> {
  const rows: TraceRow[] = [];
  let cursor: string | undefined;
  do {
    const page = await traces.search({
      fromMs: 0,
      toMs: Number.MAX_SAFE_INTEGER / 1e3,
      order: "newest",
      limit: Math.min(PAGE, limit - rows.length),
      cursor,
      text,
    });
    rows.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined && rows.length < limit);
  return rows;
}

function entryOf({ trace_id, name, start, duration_ms, spans }: TraceRow): TraceEntry {
  const startNs = BigInt(Date.parse(start)) * 1_000_000n;
  const endNs = startNs + BigInt(Math.round(duration_ms * 1e6));
  return { traceId: trace_id, rootName: name, startNs, endNs, spans };
}
