// What instrumentation adds to a call of the openai client, against a span by hand around it, and against what OpenTelemetry's
// own instrumentation adds, on the newest major version that it knows (6).
import { runChild } from "./child.ts";
import { type Claim, report } from "./claims.ts";
import type { ClientResult, Instrumented, Way } from "./client-child.ts";
import { median, overheadNs, ratio } from "./harness.ts";
import { installPeers, peerVersion } from "./peers.ts";

/** Of each way, in turn. */
const PROCESSES = 9;
const MOST_OVER_SPAN = 1.1;
const MOST_OF_OFFICIAL = 0.55;
const OFFICIAL = "@opentelemetry/instrumentation-openai";

const noPeers = installPeers();
const bare: number[] = [];
const hand: number[] = [];
const ours: number[] = [];
const official: number[] = [];
let attributes = 0;
for (let i = 0; i < PROCESSES; i++) {
  bare.push((await measured("agent-otel", "bare")).callNs);
  hand.push((await measured("agent-otel", "hand")).callNs);
  const instrumented = await measured("agent-otel", "instrumented");
  ours.push(instrumented.callNs);
  attributes = instrumented.attributes;
  if (noPeers === undefined) official.push((await measured("official", "instrumented")).callNs);
}

report("client: CPU time of a call of openai 6, answered from memory; each way in processes of its own", [
  {
    claim: "instrumented call against a span by hand around it",
    bound: MOST_OVER_SPAN,
    measured: ratio(ours, hand),
    unit: "×",
    note: `bare ${us(bare)}, by hand ${us(hand)}, instrumented ${us(ours)}; ${attributes} attributes`,
  },
  {
    claim: `what we add against what ${OFFICIAL} adds`,
    bound: MOST_OF_OFFICIAL,
    measured: noPeers === undefined ? overheadNs(ours, bare) / overheadNs(official, bare) : undefined,
    unit: "×",
    optional: noPeers !== undefined,
    note: noPeers ?? `${peerVersion(OFFICIAL)}: ${us(official)}`,
  },
  added("agent-otel adds", ours),
  added("the span by hand adds", hand),
  ...(noPeers === undefined ? [added(`${OFFICIAL} adds`, official)] : []),
]);

async function measured(instrumentation: Instrumented, way: Way): Promise<ClientResult> {
  return (await runChild("client-child.ts", [instrumentation, way])) as ClientResult;
}

function added(claim: string, calls: readonly number[]): Claim {
  return { claim, measured: overheadNs(calls, bare), unit: "ns" };
}

function us(calls: readonly number[]): string {
  return `${(median(calls) / 1_000).toFixed(1)} µs`;
}
