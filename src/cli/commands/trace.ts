import { createReadStream } from "node:fs";
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { formatTrace } from "../../telemetry/format-trace.ts";
import { formatDuration } from "../../telemetry/format-trace-numbers.ts";
import { printable } from "../../telemetry/format-trace-text.ts";
import { type OtlpJsonLines, readOtlpJsonLines } from "../../telemetry/otlp-json-lines.ts";
import type { TraceSpan } from "../../telemetry/trace-span.ts";
import { CliError, UsageError } from "../cli-error.ts";
import { type Command, EXIT_OK, type Terminal } from "../command.ts";
import { parseCommandArgs } from "../parse-args.ts";
import { type TraceEntry, TraceIndex } from "../trace-index.ts";

// An error message that names what exists should still fit on a screen.
const MAX_NAMED_TRACES = 10;
const TERMINAL_CONTROLS = /[\u007f-\u009f]/g;

/** `agent-otel trace`: shows traces of a file that the trace file exporter, or a collector, has written. */
export const traceCommand: Command = {
  name: "trace",
  summary: "show a trace from a file of OTLP/JSON lines as a tree",
  help: `Usage: agent-otel trace FILE [TRACE_ID] [OPTIONS]

Shows the newest trace in FILE, or the one whose id starts with TRACE_ID. FILE holds OTLP/JSON
lines, as an app writes them when AGENT_OTEL_TRACE_FILE is set.

Options:
  --all          every trace, oldest first
  --list         one line for each trace, newest first
  --attributes   with the attributes of spans and events
  --json         the spans as JSON, one on each line
  --color        colours, also in a pipe; --no-color for none (NO_COLOR works too)
  --help         this text
`,
  async run(args, terminal) {
    const { values, positionals } = parseCommandArgs({
      args: [...args],
      allowPositionals: true,
      allowNegative: true,
      options: {
        all: { type: "boolean" },
        list: { type: "boolean" },
        attributes: { type: "boolean" },
        json: { type: "boolean" },
        color: { type: "boolean" },
      },
    });
    const [file, traceId, ...rest] = positionals;
    if (file === undefined) throw new UsageError("trace needs a FILE");
    if (rest.length > 0)
      throw new UsageError(`trace takes a FILE and a TRACE_ID, not also "${rest.join(" ")}"`);
    if (traceId !== undefined && (values.all || values.list)) {
      throw new UsageError("give a TRACE_ID, --all or --list, not two of them");
    }

    const traces = await indexOf(file, terminal);
    if (values.list) {
      terminal.out(listed(traces));
      return EXIT_OK;
    }
    const chosen = values.all ? undefined : choose(traces, traceId, file);
    const keep = (span: TraceSpan): boolean => chosen === undefined || span.traceId === chosen.traceId;
    const { spans } = await read(file, keep);
    const color = values.color ?? terminal.color;
    const width = terminal.columns;
    terminal.out(
      values.json
        ? spans.map(asJsonLine).join("")
        : formatTrace(spans, {
            color,
            ...(values.attributes && { attributes: true }),
            ...(width !== undefined && { width }),
          }),
    );
    const others = traces.length - 1;
    if (traceId === undefined && !values.all && others > 0) {
      terminal.note(`\n${others} more ${others === 1 ? "trace" : "traces"} in ${file}: see --list and --all`);
    }
    return EXIT_OK;
  },
};

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
    return await readOtlpJsonLines(createReadStream(file, { highWaterMark: 1024 * 1024 }), { keep });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new CliError(`cannot read ${file}: ${code === "ENOENT" ? "no such file" : message}`, {
      cause: error,
    });
  }
}

function choose(traces: readonly TraceEntry[], prefix: string | undefined, file: string): TraceEntry {
  if (prefix === undefined) return traces[0]!;
  const matching = traces.filter(({ traceId }) => traceId.startsWith(prefix.toLowerCase()));
  if (matching.length === 1) return matching[0]!;
  const [what, which] =
    matching.length === 0
      ? [`no trace in ${file} starts with "${printable(prefix, 40)}"; it holds`, traces]
      : [`${matching.length} traces in ${file} start with "${prefix}"; give more digits`, matching];
  const more = which.length - MAX_NAMED_TRACES;
  const named = listed(which.slice(0, MAX_NAMED_TRACES)).trimEnd();
  throw new CliError(`${what}:\n${named}${more > 0 ? `\nand ${more} more` : ""}`);
}

/** `4bf92f… 2026-11-21 10:15:02Z    8.41 s    12 spans   invoke_workflow article` */
function listed(traces: readonly TraceEntry[]): string {
  const counts = traces.map(({ spans }) => `${spans} span${spans === 1 ? " " : "s"}`);
  const width = counts.reduce((most, { length }) => Math.max(most, length), 0);
  return traces
    .map(({ traceId, startNs, endNs, rootName }, index) => {
      const duration = formatDuration(endNs - startNs).padStart(10);
      const name = printable(rootName, 80);
      return `${traceId}   ${secondOf(startNs)}   ${duration}   ${counts[index]!.padStart(width)}   ${name}\n`;
    })
    .join("");
}

function secondOf(ns: bigint): string {
  const date = new Date(Number(ns / 1_000_000n));
  // A file may hold any number; a Date holds those up to the year 275760.
  if (Number.isNaN(date.getTime())) return "?".padEnd(20);
  return date.toISOString().replace("T", " ").replace(/\..*/, "Z");
}

function asJsonLine(span: TraceSpan): string {
  const named = {
    ...span,
    kind: SpanKind[span.kind],
    status: { ...span.status, code: SpanStatusCode[span.status.code] },
  };
  // Nanoseconds do not fit into a JSON number, so they are text, as in OTLP/JSON itself.
  const json = JSON.stringify(named, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value));
  // JSON lets these stand, some terminals obey them.
  return `${json.replace(TERMINAL_CONTROLS, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)}\n`;
}
