// A desk of agents that uses every part of the package, well and badly. Prints what it did, counted by itself, and stays until its standard
// input ends, so that gauges can be looked at. Usage: node --import agent-otel/register everything.ts SEED REQUESTS DIRECTORY
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { health, sqliteLedger, sqliteStore } from "agent-otel";
import { seeded } from "../support/random.ts";
import { Bookkeeper } from "./everything/books.ts";
import { useBreakers, useFallbacks } from "./everything/breakers.ts";
import { startAlerts, useBrokenLedger, useGuard } from "./everything/guards.ts";
import { useLimits } from "./everything/limits.ts";
import { useMemories, useState } from "./everything/memories.ts";
import { openModels } from "./everything/models.ts";
import { useProtocol } from "./everything/protocol.ts";
import { useBudgets, useRouter, useTokens } from "./everything/spend.ts";
import { openTeam } from "./everything/team.ts";
import { useQueues, useSupervisor } from "./everything/work.ts";
import { useWorkflows } from "./everything/workflows.ts";

const [seed = "1", requests = "60", directory = ""] = process.argv.slice(2);
const random = seeded(Number(seed));
const keeper = new Bookkeeper(process.env["OTEL_SERVICE_NAME"] ?? "");
const ends = new AbortController();
// A file in the place of a folder: nothing below it can be made.
writeFileSync(join(directory, "file"), "");
const unusable = join(directory, "file", "store.db");

health.start();
const alerting = startAlerts();
const store = sqliteStore(join(directory, "everything.db"));
const broken = sqliteStore(unusable);
const ledger = sqliteLedger({ path: join(directory, "everything.db") });
const models = await openModels(keeper, random);
const team = openTeam(keeper, models, (share) => random() < share);

await models.embed(undefined);
for (let i = 0; i < Number(requests); i++) await (random() < 0.3 ? team.report() : team.plan());
await team.ramble();

const kept: unknown[] = [
  alerting,
  useBrokenLedger(unusable),
  await useGuard(ledger),
  await useBudgets(team, models, store),
  useTokens(),
  useRouter(random),
  await useLimits(broken, ends.signal),
  await useQueues(ends.signal),
  await useSupervisor(ends.signal),
  await useWorkflows(store, random, ends.signal),
  await useMemories(),
  await useState(store),
];
await useProtocol(async (client) => {
  keeper.called(undefined, "tool:shelve", false);
  await client.callTool({ name: "shelve" });
});
await useBreakers(team, ledger, broken);
await useFallbacks(ledger);
// Two looks at the health.
await wait(2_500);

console.log(JSON.stringify(keeper.books));
process.stdin.resume();
await once(process.stdin, "end");
ends.abort();
kept.length = 0;
await models.close();
await ledger.close();
await broken.close();
await store.close();
process.exit();
