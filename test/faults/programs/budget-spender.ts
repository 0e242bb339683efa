// Spends from a shared budget until it is refused, a call at a time and several at once, and prints one line for each dollar that it was
// granted, before it "makes the call". Usage: budget-spender.ts PATH|redis://URL LIMIT KIND TTL_MS; KIND: guard, check-then-act.
import { writeSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { costGuard, isAgentError, redisStore, sqliteStore } from "../../../src/index.ts";
import { checkThenActBudgets } from "../../naive/budget-check-then-act.ts";

const [place = "", limit = "0", kind = "guard", ttlMs = "60000"] = process.argv.slice(2);
const AT_ONCE = 8;
const ALL = 1_000_000;

const store = place.startsWith("redis:") ? redisStore(place) : sqliteStore(place);
const budgets = kind === "guard" ? store.budgets! : checkThenActBudgets(store.budgets!);
// By the month, which hardly ever ends in the middle of a test.
const guard = costGuard({
  name: "shared",
  perRequestUsd: 10,
  hourlyUsd: ALL,
  dailyUsd: ALL,
  monthlyUsd: Number(limit),
  reservationTtlMs: Number(ttlMs),
  store: { budgets },
});

async function spend(): Promise<void> {
  for (;;) {
    try {
      const reservation = await guard.reserve(10);
      writeSync(1, "10\n");
      // The call.
      await wait(Math.random() * 3);
      await reservation.settle(10);
    } catch (error) {
      if (isAgentError(error) && error.code === "budget_exceeded") return;
      throw error;
    }
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, spend));
process.exit();
