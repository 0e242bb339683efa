import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { killLedgerWriters } from "../faults/programs/ledger-kills.ts";
import { ackedIn, startWriter, writerErrors } from "../faults/programs/ledger-processes.ts";
import { allRows, openLedger, promised } from "../faults/programs/open-ledger.ts";
import { type Databases, databasesOn } from "./support/databases.ts";
import { type Stack, stackUp } from "./support/stack.ts";

const LONG = process.env["AGENT_OTEL_LONG_FAULTS"] === "1";
const PROCESSES = 4;
const ROWS = 10_000;
const KILLS = LONG ? 1_000 : 60;
const OUTAGES = LONG ? 30 : 6;

let stack: Stack;
let databases: Databases;

beforeAll(async () => {
  stack = await stackUp(23_650, ["postgres"]);
  databases = databasesOn(stack.endpoint("postgres", "postgres"));
});

afterAll(async () => {
  await databases?.close();
  await stack?.down();
});

let made = 0;
const newDatabase = () => databases.url(`ledger-${++made}`);

describe(`${PROCESSES} processes that append ${ROWS.toLocaleString("en-US")} rows each to one PostgreSQL`, () => {
  it("make one chain without gaps, and meet no error", async () => {
    const directory = mkdtempSync(join(tmpdir(), "agent-otel-ledger-"));
    const place = { directory, database: await newDatabase(), kind: "ledger" } as const;
    const startedMs = performance.now();
    const writers = Array.from({ length: PROCESSES }, (_, number) => startWriter(place, number, ROWS));
    const errors = (await Promise.all(writers.map(writerErrors))).flat();
    const acked = ackedIn(directory);
    rmSync(directory, { recursive: true });
    const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
    console.log(`${acked.length} rows acknowledged in ${seconds} s, ${errors.length} errors`);
    expect(errors).toEqual([]);
    const ledger = openLedger(place.database);
    const rows = await allRows(ledger);
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: PROCESSES * ROWS }, (_, i) => i + 1));
    expect(acked.toSorted()).toEqual(rows.map(promised).toSorted());
    expect(await ledger.verify()).toMatchObject({ valid: true, rows: PROCESSES * ROWS });
    await ledger.close();
  });
});

describe(`${KILLS.toLocaleString("en-US")} random kill -9 of processes that append to one PostgreSQL, two at a time`, () => {
  it("lose no acknowledged row, and leave a valid chain each time", async () => {
    const { kills, acked, rows, lost, invalid } = await killLedgerWriters(KILLS, "ledger", newDatabase);
    console.log(
      `${kills} kills, ${acked} rows acknowledged, ${rows} there, ${lost} lost, ${invalid} invalid chains`,
    );
    expect({ kills, lost, invalid }).toEqual({ kills: KILLS, lost: 0, invalid: 0 });
    expect(acked).toBeGreaterThan(10 * KILLS);
  }, 3_600_000);

  it("would be seen: who says yes before the commit loses rows", async () => {
    const { lost } = await killLedgerWriters(10, "ack-first", newDatabase);
    expect(lost).toBeGreaterThan(0);
  });
});

describe(`${OUTAGES} outages of PostgreSQL, by kill -9 and by an immediate stop in turns`, () => {
  it("lose no acknowledged row, write none twice, and what is recorded meanwhile arrives", async () => {
    const ledger = openLedger(await newDatabase(), { groupMs: 5, bufferRows: 1_000_000 });
    const acked: string[] = [];
    let [next, refused, stopped] = [0, 0, false];
    const recorded: string[] = [];
    const work = async () => {
      while (!stopped) {
        const id = `r${next++}`;
        ledger.record({ kind: "failure", subject: "recorded", payload: { id } });
        recorded.push(id);
        const row = await ledger.append({
          kind: "failure",
          subject: "appended",
          payload: { id: `a${next++}` },
        });
        if (row === undefined) refused += 1;
        else acked.push(promised(row));
        await wait(5);
      }
    };
    const working = Promise.all([work(), work(), work(), work()]);
    for (let i = 0; i < OUTAGES; i++) {
      await wait(300 + Math.random() * 700);
      stack.kill("postgres", i % 2 === 0 ? "SIGKILL" : "SIGQUIT");
      await wait(Math.random() * 500);
      await stack.restart("postgres");
    }
    await wait(500);
    stopped = true;
    await working;
    await ledger.close();
    const { dropped, written, waiting } = ledger.counts();
    const again = openLedger(await databases.url(`ledger-${made}`));
    const rows = await allRows(again);
    const ids = rows.map(({ payload }) => (payload as { id: string }).id);
    const there = new Set(rows.map(promised));
    console.log(
      `${acked.length} acknowledged, ${refused} refused, ${recorded.length} recorded, ${rows.length} there`,
    );
    expect(acked.filter((line) => !there.has(line))).toEqual([]);
    const kept = new Set(ids);
    expect(kept.size).toBe(ids.length);
    expect(recorded.filter((id) => !kept.has(id))).toEqual([]);
    expect({ waiting, dropped }).toEqual({ waiting: 0, dropped: refused });
    expect(written).toBe(recorded.length + acked.length);
    expect(refused).toBeGreaterThan(0);
    expect(await again.verify()).toMatchObject({ valid: true, rows: rows.length });
    await again.close();
  }, 1_800_000);
});
