// Agents that do well, badly and not at all, with the REST surface of this process on a port of its own. Prints that port, and stays until its
// standard input ends. Usage: node --import agent-otel/register health.ts
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { agent } from "agent-otel";
import { agentsRouter, nodeHandler } from "agent-otel/server";

export interface HealthTruth {
  readonly port: number;
  readonly runs: Readonly<Record<string, { readonly runs: number; readonly failed: number }>>;
}

const server = createServer(nodeHandler(agentsRouter()));
server.listen(0, "127.0.0.1");
await once(server, "listening");

const shares = { steady: 0, flaky: 0.3, broken: 1 };
const runs: Record<string, { runs: number; failed: number }> = {};
for (const [name, share] of Object.entries(shares)) {
  let failed = 0;
  const work = agent(name, async (fails: boolean) => {
    if (fails) throw new Error("down");
  });
  for (let i = 0; i < 40; i++) {
    const fails = i < 40 * share;
    if (fails) failed += 1;
    await work(fails).catch(() => {});
  }
  runs[name] = { runs: 40, failed };
}

const { port } = server.address() as AddressInfo;
console.log(JSON.stringify({ port, runs } satisfies HealthTruth));
process.stdin.resume();
await once(process.stdin, "end");
server.close();
server.closeAllConnections();
