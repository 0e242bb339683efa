// Makes most of what alerts are about happen, at once and with names of their own, and ends it when told. Reads words from standard input:
// `spike` for ten times the cost, `enough` for the end of all causes; ends with it. Prints "{}" when it has begun.
// Usage: node --import agent-otel/register alerts.ts FOLDER
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import {
  agent,
  breakers,
  circuitBreaker,
  costGuard,
  deadLetterQueue,
  failureModes,
  healthMonitor,
  recordUsage,
  sqliteLedger,
  sqliteStore,
  tool,
} from "agent-otel";
import { ManualClock } from "agent-otel/testing";

const folder = process.argv[2] ?? "";
const DAY_MS = 86_400_000;
let fails = true;
let usdPerCall = 0.000_1;

healthMonitor({ windowMs: 10_000 });
failureModes();

/** Opened, and left open. */
const away = circuitBreaker({ name: "away", failureThreshold: 1, recoveryTimeoutMs: 600_000 });
away.recordFailure(new Error("away"));

/** Fails, recovers, fails. */
const moody = circuitBreaker({
  name: "moody",
  failureThreshold: 1,
  recoveryTimeoutMs: 20,
  backoffFactor: 1, // else it would stay open for longer each time
});
async function flap(): Promise<void> {
  await moody.execute(() => Promise.reject(new Error("moody"))).catch(() => undefined);
  await wait(40);
  await moody.execute(async () => "fine").catch(() => undefined);
}

const ill = agent("ill", async () => {
  if (fails) throw new Error("the model is overloaded");
});

/** The same again, and nothing comes of it. */
const search = tool("search", async (_query: string) => "nothing");
const dizzy = agent("dizzy", async () => {
  for (let i = 0; i < 4; i++) await search("the same");
});

/** Six minutes into an hour, a day and a month: six tenths are gone. */
const clock = new ManualClock(Date.UTC(2026, 0, 1, 0, 6));
const budget = { perRequestUsd: 6, hourlyUsd: 10, dailyUsd: 10, monthlyUsd: 10 };
const guard = costGuard({ name: "wallet", ...budget, clock });
await (await guard.reserve(6)).settle(6);

const store = sqliteStore(join(folder, "letters.db"));
const letters = deadLetterQueue({ store });
await letters.add({ taskType: "mail", payload: {}, error: new Error("no such address"), attempts: 3 });

/** Its file cannot be made, so what there is no room for is lost. */
writeFileSync(join(folder, "a-file"), "");
const ledger = sqliteLedger({ path: join(folder, "a-file", "ledger.db"), bufferRows: 5 });
for (let i = 0; i < 9; i++) ledger.record({ kind: "failure", subject: "away" });

recordUsage({
  agent: "spender",
  provider: "homemade",
  model: "homemade-7b",
  inputTokens: 10,
  outputTokens: 10,
});
await dizzy();

const timer = setInterval(() => {
  void ill().catch(() => undefined);
  const tokens = { inputTokens: 10, outputTokens: 10 };
  recordUsage({ agent: "spender", provider: "openai", model: "gpt-4o-mini", ...tokens, costUsd: usdPerCall });
  if (!fails) return;
  void flap();
  void guard.reserve(6).catch(() => undefined); // there is room for four
}, 200);

async function enough(): Promise<void> {
  fails = false;
  usdPerCall = 0.000_1;
  breakers.reset("away");
  clock.advance(31 * DAY_MS);
  for (const { id } of await letters.list()) await letters.resolve(id, "sent by hand");
}

console.log("{}");
for await (const word of createInterface(process.stdin)) {
  if (word === "spike") usdPerCall = 0.01;
  if (word === "enough") await enough();
}
clearInterval(timer);
await store.close();
