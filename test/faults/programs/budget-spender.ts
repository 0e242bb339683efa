// Spends from a shared budget until it is refused, a call at a time and several at once, and prints one line for each dollar that it was
// granted, before it "makes the call". Usage: budget-spender.ts PATH|redis://URL LIMIT KIND TTL_MS; KIND: guard, check-then-act.
import { randomUUID } from "node:crypto";
import { writeSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { BudgetStore } from "../../../src/stores/budgets/budget-store.ts";
import { redisBudgets } from "../../../src/stores/redis/redis-budgets.ts";
import { RedisConnection } from "../../../src/stores/redis/redis-connection.ts";
import { redisUrl } from "../../../src/stores/redis/redis-url.ts";
import { sqliteBudgets } from "../../../src/stores/sqlite/sqlite-budgets.ts";
import { SqliteFile } from "../../../src/stores/sqlite/sqlite-file.ts";
import { checkThenActBudgets } from "../../naive/budget-check-then-act.ts";

const [place = "", limit = "0", kind = "guard", ttlMs = "60000"] = process.argv.slice(2);
const AT_ONCE = 8;

const store = open();
const window = { key: "day", limit: Number(limit), endMs: Date.now() + 86_400_000 };

async function spend(): Promise<void> {
  for (;;) {
    const id = randomUUID();
    const answer = await store.reserve({ id, amount: 10, windows: [window], ttlMs: Number(ttlMs) });
    if (answer.kind === "full") return;
    writeSync(1, "10\n");
    // The call.
    await wait(Math.random() * 3);
    await store.settle(id, 10);
  }
}

function open(): BudgetStore {
  const shared = place.startsWith("redis:")
    ? redisBudgets(new RedisConnection(redisUrl(place)))
    : sqliteBudgets(new SqliteFile(place));
  return kind === "guard" ? shared : checkThenActBudgets(shared);
}

await Promise.all(Array.from({ length: AT_ONCE }, spend));
process.exit();
