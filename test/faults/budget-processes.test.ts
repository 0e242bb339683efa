import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { costGuard, sqliteStore } from "../../src/index.ts";
import { grantedTo, startSpender } from "./support/budget-spenders.ts";

const LIMIT = 10_000;
/** In mid-call, each with eight reservations. */
const KILLS = process.env["AGENT_OTEL_LONG_FAULTS"] === "1" ? 500 : 20;

/** The least that a guard takes. */
const TTL_MS = 1_000;

describe("a budget in one SQLite file", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "agent-otel-budget-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  const path = () => join(directory, "agent-otel.db");

  it("is spent to the last dollar by four processes, and not beyond", async () => {
    const spenders = Array.from({ length: 4 }, () => startSpender(path(), LIMIT));
    expect(await grantedTo(spenders)).toBe(LIMIT);
  });

  it("would be overspent, and that would be seen, by a guard that looks first and books later", async () => {
    const spenders = Array.from({ length: 4 }, () => startSpender(path(), LIMIT, "check-then-act"));
    expect(await grantedTo(spenders)).toBeGreaterThan(LIMIT);
  });

  it(`does not come back to life: ${KILLS} kills in mid-call, and what was granted stays within the limit`, async () => {
    const limit = KILLS * 1_000;
    let granted = 0;
    for (let i = 0; i < KILLS; i++) {
      const spender = startSpender(path(), limit, "guard", TTL_MS);
      // At the first word it has calls under way.
      await new Promise((resolve) => spender.process.stdout?.once("data", resolve));
      spender.process.kill("SIGKILL");
      granted += await spender.granted;
    }
    granted += await startSpender(path(), limit, "guard", TTL_MS).granted;
    const store = sqliteStore(path());
    const all = { hourlyUsd: 1_000_000, dailyUsd: 1_000_000, monthlyUsd: limit };
    const { monthUsd = 0 } = await costGuard({ name: "shared", ...all, store }).remaining();
    await store.close();
    const used = limit - monthUsd;
    console.log(`${KILLS} kills: ${granted} of ${limit} granted, ${used} spent or reserved`);
    expect(granted).toBeLessThanOrEqual(limit);
    // What was reserved when a process was killed counts as spent, whether its call was made or not.
    expect(used).toBeGreaterThanOrEqual(granted);
    expect(used).toBeLessThanOrEqual(limit);
  });
});
