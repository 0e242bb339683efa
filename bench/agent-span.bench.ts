// What it costs to make an agent of an async function, against the same span written by hand, and the peers' agent APIs
// against the same span as theirs.
import { AGENT_APIS, type AgentApi, type ApiName } from "./agent-apis.ts";
import type { AgentSpanResult } from "./agent-span-child.ts";
import { runChild } from "./child.ts";
import { type Claim, report } from "./claims.ts";
import { median } from "./harness.ts";
import { installPeers, peerVersion } from "./peers.ts";

/** How the compiler lays out a process is luck, and stays for its life: the median of several is what users see. */
const PROCESSES = 3;
const MOST = 1.1;

const noPeers = installPeers();
const names = Object.keys(AGENT_APIS) as ApiName[];
const results = new Map<ApiName, AgentSpanResult[] | string>();
for (let i = 0; i < PROCESSES; i++) {
  for (const name of names) results.set(name, await measured(name, results.get(name) ?? []));
}
report("agent-span: CPU time of an agent call, against the same span by hand", [
  { claim: "agent()", bound: MOST, measured: ratioOf("agent-otel"), unit: "×", note: noteOf("agent-otel") },
  ...names.filter((name) => name !== "agent-otel").flatMap(claimsAbout),
]);

async function measured(
  name: ApiName,
  before: AgentSpanResult[] | string,
): Promise<AgentSpanResult[] | string> {
  if (typeof before === "string") return before;
  const { peer }: AgentApi = AGENT_APIS[name];
  if (peer !== undefined && noPeers !== undefined) return noPeers;
  try {
    return [...before, (await runChild("agent-span-child.ts", [name])) as AgentSpanResult];
  } catch (error) {
    return (error as Error).message;
  }
}

function claimsAbout(name: ApiName): Claim[] {
  const { peer }: AgentApi = AGENT_APIS[name];
  const theirs = ratioOf(name);
  const published: Claim = { claim: name, measured: theirs, unit: "×", note: noteOf(name) };
  if (peer === undefined) return [published];
  const ahead: Claim = {
    claim: `agent() against ${name}, each alone`,
    bound: 1,
    measured: againstOurs(name),
    unit: "×",
    optional: theirs === undefined,
  };
  return [published, ahead];
}

/** What ours takes of their CPU time. Processes of both took turns, and in each only one API made spans. */
function againstOurs(name: ApiName): number | undefined {
  const ours = results.get("agent-otel");
  const theirs = results.get(name);
  if (!Array.isArray(ours) || !Array.isArray(theirs)) return undefined;
  return median(ours.map(({ aloneNs }, turn) => aloneNs / (theirs[turn]?.aloneNs ?? Number.NaN)));
}

function ratioOf(name: ApiName): number | undefined {
  const found = results.get(name);
  return Array.isArray(found) ? median(found.map(({ ratio }) => ratio)) : undefined;
}

function noteOf(name: ApiName): string {
  const found = results.get(name) ?? [];
  if (typeof found === "string") return `not run: ${found}`;
  const { peer }: AgentApi = AGENT_APIS[name];
  const each = found.map(({ ratio }) => ratio.toFixed(2)).join(" ");
  const what = `${found[0]?.attributes} attributes, ${Math.round(median(found.map(({ aloneNs }) => aloneNs)))} ns alone; processes: ${each}`;
  return peer === undefined ? what : `${peerVersion(peer)}: ${what}`;
}
