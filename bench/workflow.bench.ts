// How many steps of checkpointed workflows are kept in a second: against DBOS on the same PostgreSQL, and against files that are written over
// in place, which a power cut or a kill can leave torn. Wall time: a step waits for the disk of the store more than it computes.
// Claim: a step takes at most 0.75 × the time that it takes on DBOS, one workflow at a time and eight at once.
// Run: node bench/workflow.bench.ts
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileStore } from "../src/stores/file/file-store.ts";
import { postgresStore } from "../src/stores/postgres/postgres-store.ts";
import { sqliteStore } from "../src/stores/sqlite/sqlite-store.ts";
import { databasesOn } from "../test/stack/support/databases.ts";
import { stackUp } from "../test/stack/support/stack.ts";
import { type Claim, report } from "./claims.ts";
import { median } from "./harness.ts";
import { naiveCase, ourCase, type StepBench, seconds } from "./workflow-cases.ts";
import { dbosCase } from "./workflow-dbos.ts";

const STEPS = 20;
const ROUNDS = 7;
const WORKFLOWS = { one: 10, eight: 40 } as const;
const AT_ONCE = { one: 1, eight: 8 } as const;
type Load = keyof typeof WORKFLOWS;

const directory = mkdtempSync(join(tmpdir(), "agent-otel-bench-"));
const stack = await stackUp(23_870, ["postgres"]);
const databases = databasesOn(stack.endpoint("postgres", "postgres"));
const cases: Readonly<Record<string, StepBench>> = {
  postgres: ourCase(postgresStore(await databases.url("ours")), STEPS),
  dbos: await dbosCase(await databases.url("dbos"), STEPS),
  sqlite: ourCase(sqliteStore(join(directory, "bench.db")), STEPS),
  files: ourCase(fileStore(join(directory, "files")), STEPS),
  naive: naiveCase(join(directory, "naive"), STEPS),
};

/** Steps per second, of each case under each load, round after round. */
const measured = new Map<string, number[]>();
for (let round = -1; round < ROUNDS; round++)
  for (const load of ["one", "eight"] as const)
    for (const [name, bench] of Object.entries(cases)) {
      const taken = await seconds(bench, `${round}-${load}`, WORKFLOWS[load], AT_ONCE[load]);
      if (round < 0) continue;
      const key = `${name} ${load}`;
      measured.set(key, [...(measured.get(key) ?? []), (WORKFLOWS[load] * STEPS) / taken]);
    }

for (const bench of Object.values(cases)) await bench.close();
await databases.close();
await stack.down();
rmSync(directory, { recursive: true, force: true });

report("workflow: steps that are kept in a second", [
  againstDbos("one"),
  againstDbos("eight"),
  published("SQLite, one workflow at a time", "sqlite one"),
  published("SQLite, eight at once", "sqlite eight"),
  published("files, one workflow at a time", "files one", "naive one"),
  published("files, eight at once", "files eight", "naive eight"),
]);

function againstDbos(load: Load): Claim {
  const [ours, theirs] = [perSecond(`postgres ${load}`), perSecond(`dbos ${load}`)];
  const how = load === "one" ? "one workflow at a time" : "eight at once";
  return {
    claim: `time of a step against DBOS, ${how}`,
    ...{ bound: 0.75, measured: theirs / ours, unit: "×" },
    note: `${Math.round(ours)} steps/s; DBOS ${Math.round(theirs)} steps/s`,
  };
}

function published(claim: string, key: string, naive?: string): Claim {
  const ours = perSecond(key);
  const note = `${Math.round(ours)} steps/s`;
  const more =
    naive === undefined ? "" : `; written over in place, not synced: ${Math.round(perSecond(naive))} steps/s`;
  return { claim: `a step in ${claim}`, measured: 1e9 / ours, unit: "ns", note: note + more };
}

function perSecond(key: string): number {
  return median(measured.get(key) ?? []);
}
