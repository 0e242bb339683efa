import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { rulesOf } from "../../src/resilience/rate-limit/rules-of.ts";
import { MemoryRates } from "../../src/stores/rate-limits/memory-rates.ts";
import { SqliteFile } from "../../src/stores/sqlite/sqlite-file.ts";
import { sqliteRateLimits } from "../../src/stores/sqlite/sqlite-rate-limits.ts";
import { rateLimitStoreSuite } from "./rate-limit-store-suite.ts";

const directory = mkdtempSync(join(tmpdir(), "agent-otel-rate-limits-"));
const opened: SqliteFile[] = [];

function open(name = "limits.db"): SqliteFile {
  const file = new SqliteFile(join(directory, name));
  opened.push(file);
  return file;
}

afterAll(() => {
  for (const file of opened) file.close();
  rmSync(directory, { recursive: true });
});

describe("rate limits in SQLite", () => {
  rateLimitStoreSuite(async () => sqliteRateLimits(open()));

  it("decide as those in memory do, whatever the clock does", async () => {
    const rules = rulesOf({
      name: "x",
      perMinute: 600,
      perSecond: 20,
      burst: 5,
      perDay: 2_000,
      tokensPerMinute: 500,
    });
    const step = fc.record({
      ms: fc.oneof(fc.integer({ min: 0, max: 3_000 }), fc.constantFrom(3_600_000, -3_600_000)),
      calls: fc.integer({ min: 1, max: 5 }),
      tokens: fc.integer({ min: 0, max: 500 }),
      lateMs: fc.constantFrom(0, 0, 30),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        let nowMs = 1e9;
        const key = { limiter: "x", key: String(run++), rules };
        const stored = sqliteRateLimits(open(), () => nowMs);
        const memory = new MemoryRates({ rules, name: "x", maxKeys: 10, nowMs: () => nowMs });
        for (const { ms, lateMs, ...amounts } of steps) {
          nowMs += ms;
          const verdict = memory.take("k", amounts.calls, amounts.tokens, lateMs);
          expect(await stored.take(key, amounts, lateMs)).toEqual(verdict);
        }
      }),
      { numRuns: 20 },
    );
  });

  it("go on where they were when the machine, and its clock, begin anew", async () => {
    const rules = rulesOf({ name: "x", perMinute: 60, burst: 3, perDay: 100 });
    const key = { limiter: "boot", key: "", rules };
    let nowMs = 9e9;
    const store = sqliteRateLimits(open(), () => nowMs);
    for (let i = 0; i < 3; i++) await store.take(key, { calls: 1, tokens: 0 }, 0);
    nowMs = 5_000;
    const refused = await store.take(key, { calls: 1, tokens: 0 }, 0);
    expect(refused).toMatchObject({ allowed: false, retryAfterMs: 1_000 });
    nowMs += 1_000;
    expect((await store.take(key, { calls: 1, tokens: 0 }, 0)).allowed).toBe(true);
  });

  it("forget keys that tell nothing any more", async () => {
    const rules = rulesOf({ name: "x", perMinute: 60 });
    const file = open("sweep.db");
    let nowMs = 1_000;
    const store = sqliteRateLimits(file, () => nowMs);
    for (let i = 0; i < 2_500; i++) {
      nowMs += 10;
      await store.take({ limiter: "sweep", key: `user-${i}`, rules }, { calls: 1, tokens: 0 }, 0);
    }
    const count = file.forReading()?.prepare("SELECT count(*) AS n FROM rate_limits").get()?.["n"];
    expect(count).toBeLessThanOrEqual(700);
  });
});
