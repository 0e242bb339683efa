import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ask } from "./programs/rate-limit-processes.ts";

const PROCESSES = 4;

describe(`${PROCESSES} processes with one rate limit in one SQLite file`, () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "agent-otel-rate-limit-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const load = (options: object) => ({
    database: join(directory, "limits.db"),
    options,
    processes: PROCESSES,
  });

  it("are let through exactly as often as the limit says, when each asks 250 times at once", async () => {
    const { passed, tookMs } = await ask({ ...load({ perDay: 100 }), calls: 250 });
    console.log(`${passed} of 1,000 passed in ${Math.round(tookMs)} ms`);
    expect(passed).toBe(100);
  });

  it("stay below the rate when they ask for three seconds", async () => {
    const options = { perSecond: 50, burst: 10 };
    const { passed, tookMs } = await ask({ ...load(options), calls: 3, forMs: 3_000 });
    console.log(`${passed} passed in ${Math.round(tookMs)} ms`);
    expect(passed).toBeLessThanOrEqual(10 + (tookMs / 1_000) * 50);
    expect(passed).toBeGreaterThanOrEqual(100);
  });

  it("would be let through more often by a store that looks first and counts then", async () => {
    const { passed } = await ask({ ...load({ perDay: 100 }), calls: 250, kind: "naive" });
    console.log(`naive: ${passed} of 1,000 passed`);
    expect(passed).toBeGreaterThan(100);
  });
});
