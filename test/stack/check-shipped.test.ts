import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXCEPTIONS } from "../../scripts/check-shipped/checks/may-be-empty.ts";
import { CHECKS } from "../../scripts/check-shipped/checks.ts";
import { dashboardsOf, queriesOf } from "../../scripts/check-shipped/grafana/dashboard.ts";
import { findingsWithout, MUTANTS, tryMutant } from "../../scripts/check-shipped/mutants.ts";
import { runCheck } from "../../scripts/check-shipped/run-checks.ts";
import { readShipped } from "../../scripts/check-shipped/shipped.ts";
import { makeTools } from "../../scripts/check-shipped/tools/make-tools.ts";
import { root } from "../contract/source-files.ts";

const shipped = readShipped(root);
const recorded = join(root, "test/fixtures/recorded-run.openmetrics.gz");
const tools = makeTools({ shipped, recorded, say: (line) => console.error(line) });
let known: ReadonlySet<string>;

beforeAll(async () => {
  known = await findingsWithout(MUTANTS, shipped, tools);
});
afterAll(() => tools.close());

describe("what operators mount", () => {
  it.each(CHECKS.map((check) => [check.name, check.holds, check] as const))(
    "%s: %s",
    async (_, __, check) => {
      expect((await runCheck(check, shipped, tools)).findings).toEqual([]);
    },
  );
});

describe("an exception", () => {
  const asked = dashboardsOf(shipped).flatMap(queriesOf);

  it.each(EXCEPTIONS.map((exception) => [exception.why, exception] as const))(
    "%s: is still asked for",
    (_, { asks }) => {
      expect(asked.filter(({ expr }) => asks.test(expr))).not.toEqual([]);
    },
  );
});

describe("a planted fault is found", () => {
  it.each(MUTANTS.map((mutant) => [mutant.fault, mutant.check, mutant] as const))(
    "%s, by %s",
    async (_, __, mutant) => {
      const { fate, finding } = await tryMutant(mutant, shipped, tools, known);
      expect(fate).toBe("caught");
      expect(finding?.what).not.toContain("could not be run");
    },
  );
});

describe("the recorded run", () => {
  it("answers at the time when it was recorded, with what the rules made of it", async () => {
    const run = await tools.recordedRun();
    expect(run.toMs).toBeGreaterThan(run.fromMs + 600_000);
    expect((await run.instant("count(agents:calls:rate5m)")).length).toBeGreaterThan(0);
    expect((await run.range("ALERTS", run.fromMs, run.toMs, 60)).length).toBeGreaterThan(0);
  });

  it("is said to be unusable where it is cut off", async () => {
    const folder = mkdtempSync(join(tmpdir(), "agent-otel-cut-"));
    try {
      cpSync(recorded, join(folder, "cut.gz"));
      writeFileSync(join(folder, "cut.gz"), readFileSync(recorded).subarray(0, 1_000));
      const cut = makeTools({ shipped, recorded: join(folder, "cut.gz"), say: () => {} });
      await expect(cut.recordedRun()).rejects.toThrow();
      await cut.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
