import { formatDuration } from "../../../telemetry/format-trace-numbers.ts";
import { printable } from "../../../telemetry/format-trace-text.ts";
import { CliError } from "../../cli-error.ts";
import type { TraceEntry } from "../../trace-index.ts";

// An error message that names what exists should still fit on a screen.
const MAX_NAMED_TRACES = 10;

/** For messages. */
export interface TracePlace {
  readonly name: string;
  /** As "holds", of a file. */
  readonly verb: string;
  /** What to name where nothing was found. */
  readonly newest: readonly TraceEntry[];
}

/**
 * The trace whose id begins so, or the newest one.
 *
 * @param traces Newest first; at least all that begin so.
 * @throws CliError that names what there is, where none or several begin so.
 */
export function chooseTrace<T extends TraceEntry>(
  traces: readonly T[],
  prefix: string | undefined,
  { name, verb, newest }: TracePlace,
): T {
  if (prefix === undefined && traces[0] !== undefined) return traces[0];
  const wanted = (prefix ?? "").toLowerCase();
  const matching = traces.filter(({ traceId }) => traceId.startsWith(wanted));
  if (matching.length === 1) return matching[0]!;
  const [what, which] =
    matching.length === 0
      ? [`no trace in ${name} starts with "${printable(wanted, 40)}"; it ${verb}`, newest]
      : [
          `${matching.length} traces in ${name} start with "${printable(wanted, 40)}"; give more digits`,
          matching,
        ];
  const more = which.length - MAX_NAMED_TRACES;
  const named = listed(which.slice(0, MAX_NAMED_TRACES)).trimEnd();
  throw new CliError(`${what}:\n${named}${more > 0 ? `\nand ${more} more` : ""}`);
}

/** `4bf92f… 2026-11-21 10:15:02Z    8.41 s    12 spans   invoke_workflow article` */
export function listed(traces: readonly TraceEntry[]): string {
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
