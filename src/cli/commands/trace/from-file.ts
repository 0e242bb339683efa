import { createReadStream, statSync } from "node:fs";
import { type OtlpJsonLines, readOtlpJsonLines } from "../../../telemetry/otlp-json-lines.ts";
import type { TraceSpan } from "../../../telemetry/trace-span.ts";
import { CliError } from "../../cli-error.ts";
import type { Terminal } from "../../command.ts";
import { type Tell, withProgress } from "../../progress.ts";
import { type TraceEntry, TraceIndex } from "../../trace-index.ts";
import { jsonLine } from "../ledger/json-line.ts";
import { chooseTrace, listed, type TracePlace } from "./choose-trace.ts";
import type { FromFile, TraceArgs } from "./options.ts";
import { showSpans } from "./show-spans.ts";

/** @throws CliError. */
export async function showFile(
  { file, traceId }: FromFile,
  args: TraceArgs,
  terminal: Terminal,
): Promise<void> {
  const traces = await indexOf(file, terminal);
  if (args.list) {
    const lines = traces.slice(0, args.limit);
    terminal.out(args.json ? lines.map(entryLine).join("") : listed(lines));
    return;
  }
  const place: TracePlace = { name: file, verb: "holds", newest: traces };
  const chosen = args.all ? undefined : chooseTrace(traces, traceId, place);
  const keep = (span: TraceSpan): boolean => chosen === undefined || span.traceId === chosen.traceId;
  const { spans } = await read(file, keep);
  showSpans(spans, args, terminal);
  const others = traces.length - 1;
  if (traceId === undefined && !args.all && others > 0)
    terminal.note(`\n${others} more ${others === 1 ? "trace" : "traces"} in ${file}: see --list and --all`);
}

/** The fields that a trace of the REST surface has as well. */
function entryLine({ traceId, rootName, startNs, endNs, spans }: TraceEntry): string {
  const date = new Date(Number(startNs / 1_000_000n));
  return jsonLine({
    trace_id: traceId,
    name: rootName,
    // A file may hold any number; a Date holds those up to the year 275760.
    start: Number.isNaN(date.getTime()) ? null : date.toISOString(),
    duration_ms: Number(endNs - startNs) / 1e6,
    spans,
  });
}

async function indexOf(file: string, terminal: Terminal): Promise<TraceEntry[]> {
  const index = new TraceIndex();
  const result = await read(file, (span) => {
    index.add(span);
    return false;
  });
  const traces = index.entries();
  const remarks = remarksOn(result);
  if (traces.length === 0) throw new CliError([`${file} holds no spans`, ...remarks].join("; "));
  for (const remark of remarks) terminal.note(`agent-otel: ${file}: ${remark}`);
  return traces;
}

function remarksOn({ skippedLines, skippedSpans, torn }: OtlpJsonLines): string[] {
  const remarks: string[] = [];
  if (skippedLines > 0) remarks.push(`${skippedLines} of its lines are not OTLP/JSON traces`);
  if (skippedSpans > 0) remarks.push(`${skippedSpans} of its spans have no id or no start time`);
  if (torn) remarks.push("its last line is not complete");
  return remarks;
}

/** In two passes, first all and then what is shown, so that the file may be larger than memory. */
async function read(file: string, keep: (span: TraceSpan) => boolean): Promise<OtlpJsonLines> {
  try {
    return await withProgress(`Reading ${file}`, (tell) => readOtlpJsonLines(chunksOf(file, tell), { keep }));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new CliError(`cannot read ${file}: ${code === "ENOENT" ? "no such file" : message}`, {
      cause: error,
    });
  }
}

async function* chunksOf(file: string, tell: Tell): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  const total = statSync(file).size;
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    bytes += (chunk as Uint8Array).byteLength;
    // Of a pipe nobody knows how much will come.
    if (total > 0) tell(`${Math.min(99, Math.floor((100 * bytes) / total))} %`);
    yield chunk as Uint8Array;
  }
}
