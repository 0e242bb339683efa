// What instrumentation adds to a call of the openai client, against a span by hand around it, and against what OpenTelemetry's
// own instrumentation adds, on the newest major version that it knows (6).
import { runChild } from "./child.ts";
import { type Claim, report } from "./claims.ts";
import type { ClientResult } from "./client-child.ts";
import { median } from "./harness.ts";
import { installPeers, peerVersion } from "./peers.ts";

const PROCESSES = 5;
const MOST_OVER_SPAN = 1.1;
const MOST_OF_OFFICIAL = 0.55;
const OFFICIAL = "@opentelemetry/instrumentation-openai";

const noPeers = installPeers();
const ours: ClientResult[] = [];
const official: ClientResult[] = [];
for (let i = 0; i < PROCESSES; i++) {
  ours.push((await runChild("client-child.ts", ["agent-otel"])) as ClientResult);
  if (noPeers === undefined) official.push((await runChild("client-child.ts", ["official"])) as ClientResult);
}
const overhead = (results: readonly ClientResult[]) => median(results.map(({ overheadNs }) => overheadNs));

report("client: CPU time of a call of openai 6, answered from memory", [
  {
    claim: "instrumented call against a span by hand around it",
    bound: MOST_OVER_SPAN,
    measured: median(ours.map(({ ratio }) => ratio)),
    unit: "×",
    note: noteOf(ours),
  },
  {
    claim: `what we add against what ${OFFICIAL} adds`,
    bound: MOST_OF_OFFICIAL,
    measured: noPeers === undefined ? overhead(ours) / overhead(official) : undefined,
    unit: "×",
    optional: noPeers !== undefined,
    note: noPeers ?? `${peerVersion(OFFICIAL)}: ${noteOf(official)}`,
  },
  added("agent-otel adds", ours),
  ...(noPeers === undefined ? [added(`${OFFICIAL} adds`, official)] : []),
]);

function added(claim: string, results: readonly ClientResult[]): Claim {
  return { claim, measured: overhead(results), unit: "ns" };
}

function noteOf(results: readonly ClientResult[]): string {
  const bare = Math.round(median(results.map(({ bareNs }) => bareNs)));
  return `bare ${bare} ns, ${results[0]?.attributes} attributes; processes: ${results.map(({ ratio }) => ratio.toFixed(2)).join(" ")}`;
}
