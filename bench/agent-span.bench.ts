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
const ours = ratioOf("agent-otel");
report("agent-span: CPU time of an agent call, against the same span by hand", [
  { claim: "agent()", bound: MOST, measured: ours, unit: "×", note: noteOf("agent-otel") },
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
  const both = ours !== undefined && theirs !== undefined;
  const ahead: Claim = {
    claim: `agent() against ${name}`,
    bound: 1,
    measured: both ? ours / theirs : undefined,
    unit: "×",
    optional: theirs === undefined,
  };
  return [published, ahead];
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
  const what = `${found[0]?.attributes} attributes, ${Math.round(median(found.map(({ ns }) => ns)))} ns; processes: ${each}`;
  return peer === undefined ? what : `${peerVersion(peer)}: ${what}`;
}
