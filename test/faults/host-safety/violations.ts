import type { HostEnd } from "./run-host.ts";

/** Added to the event loop's delay at p99, in milliseconds. */
export const MOST_ADDED_MS = 10;
/** Nothing of ours holds a program; half a second is what it takes to find out that a connection attempt is all there is. */
const HELD_MS = 1_500;
/** The budget of the last flush, and some time on a busy machine. */
const ENDED_WITHIN_MS = 6_500;
const RUN_LINE = /^\S+ INFO agent-otel: /;

/**
 * What harm telemetry did to the program; empty where it did none. Delay is not among it, as it needs a second look.
 *
 * @param saysRuns Whether the lines of runs were asked for.
 * @param holdsMs How long the program may be held on purpose, beyond what is always allowed.
 */
export function violations(
  { code, signal, stderr, report }: HostEnd,
  saysRuns = false,
  holdsMs = 0,
): string[] {
  const found: string[] = [];
  if (code !== 0) found.push(`ended with code ${code}, signal ${signal}`);
  if (report === undefined) return [...found, "did not end by itself"];
  const { wrong, uncaught, warnings, idleAfterMs, endAfterMs } = report;
  if (wrong !== 0) found.push(`wrong results: ${wrong ?? "the work did not get to its end"}`);
  found.push(...uncaught.slice(0, 3), ...warnings.map((warning) => `Node warns: ${warning}`));
  if (idleAfterMs !== undefined && idleAfterMs > HELD_MS + holdsMs)
    found.push(`kept alive for ${idleAfterMs} ms`);
  if (endAfterMs > ENDED_WITHIN_MS + holdsMs) found.push(`ended ${endAfterMs} ms after its work`);
  return [...found, ...noise(saysRuns ? stderr.filter((line) => !RUN_LINE.test(line)) : stderr)];
}

function noise(lines: readonly string[]): readonly string[] {
  const stack = lines.filter((line) => /^\s+at /.test(line));
  const foreign = lines.filter((line) => !line.startsWith("agent-otel: "));
  const kinds = lines.map(kindOf);
  const repeated = new Set(kinds.filter((kind, i) => kinds.indexOf(kind) < i));
  return [
    ...(stack.length > 0 ? ["a stack trace on stderr"] : []),
    ...(foreign.length > 0 ? [`not said by us: ${foreign[0]}`] : []),
    ...[...repeated].map((kind) => `said more than once: ${kind}`),
  ];
}

/** What a warning is about: counts and ports are no other kind, nor are the many words of the system for a broken connection. */
function kindOf(line: string): string {
  return line.replace(/(do not reach \S+) \([^)]*\)/, "$1").replace(/\d+/g, "#");
}
