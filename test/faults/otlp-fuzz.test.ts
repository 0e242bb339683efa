import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import type { FuzzReport } from "./programs/otlp-fuzz.ts";

const BODIES = process.env["AGENT_OTEL_LONG_FAULTS"] === "1" ? 100_000 : 10_000;
const PROGRAM = fileURLToPath(new URL("./programs/otlp-fuzz.ts", import.meta.url));
const run = promisify(execFile);

async function fuzz(count: number, seed: number, kind: string): Promise<FuzzReport> {
  const args = ["--expose-gc", "--max-semi-space-size=8", PROGRAM, String(count), String(seed), kind];
  const { stdout } = await run(process.execPath, args, { timeout: 290_000 });
  const report = JSON.parse(stdout) as FuzzReport;
  console.log(kind, JSON.stringify(report));
  return report;
}

describe(`${BODIES.toLocaleString("en-US")} mutated bodies of all three signals, in both encodings`, () => {
  it("crash nothing, hang nothing, pollute nothing, and leave memory as it was", async () => {
    const report = await fuzz(BODIES, 20_261_122, "receiver");
    expect(report.hangs).toBe(0);
    expect(report.polluted).toEqual([]);
    expect(report.rssGrowthMiB).toBeLessThanOrEqual(64);
    // Each is taken, in part or whole, or refused as unreadable.
    expect(Object.keys(report.answers).sort()).toEqual(["200", "400"]);
    expect(report.spans).toBeGreaterThan(BODIES / 100);
  }, 300_000);

  it("would be seen: a reader that believes what it reads throws", async () => {
    const report = await fuzz(2_000, 1, "naive");
    expect(report.answers["thrown"]).toBeGreaterThan(100);
  }, 60_000);
});
