// Another application, which keeps its spans on disk until they are delivered. Its receiver is moody (moody-receiver.ts), so spans of each
// burst meet another fate. Prints what it did, and stays until its standard input ends.
// Usage: node --import agent-otel/register everything/night.ts SEED BURSTS [crash]
// With `crash` it is killed by itself before anything was delivered: the next one finds its spool.
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { agent, costGuard, tool, workflow } from "agent-otel";
import { seeded } from "../../support/random.ts";
import { Bookkeeper } from "./books.ts";
import { CLAUDE, openModels } from "./models.ts";

/** More than the exporter waits for a batch: each burst is a request of its own. */
const BATCH_MS = 1_300;

const [seed = "1", bursts = "6", way = ""] = process.argv.slice(2);
const random = seeded(Number(seed));
const keeper = new Bookkeeper(process.env["NIGHT_APP"] ?? "");
const models = await openModels(keeper, random);

const ring = tool("ring", async (failing: boolean) => {
  if (failing) throw new Error("nobody answers");
});
const porter = agent("porter", async (failing: boolean) => {
  keeper.called("porter", "tool:ring", failing);
  await ring(failing).catch(() => undefined);
  await models.ask("porter", CLAUDE, { stream: random() < 0.5 });
});
const clerk = agent("night_clerk", async () => {
  await models.ask("night_clerk", CLAUDE);
  keeper.called("night_clerk", "porter", false);
  await porter(random() < 0.3);
});
const round = workflow("round", async () => {
  keeper.called("round", "night_clerk", false);
  await clerk();
});

const guard = costGuard({ name: "night", perRequestUsd: 0.5, hourlyUsd: 5, dailyUsd: 20 });
for (let burst = 0; burst < Number(bursts); burst++) {
  for (let i = 0; i < 4; i++) await guard.execute(() => round());
  await wait(BATCH_MS);
}
if (way === "crash") process.kill(process.pid, "SIGKILL");

console.log(JSON.stringify(keeper.books));
process.stdin.resume();
await once(process.stdin, "end");
await models.close();
