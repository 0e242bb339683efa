import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ackedIn,
  databaseOf,
  startWriter,
  type WriterPlace,
  writerErrors,
} from "./programs/ledger-processes.ts";
import { allRows, openLedger, promised } from "./programs/open-ledger.ts";

const PROCESSES = 4;
const ROWS = 10_000;
/** The naive writer takes some 20 µs a row: with fewer rows the first process may be done before the last has started. */
const NAIVE_ROWS = 30_000;

describe(`${PROCESSES} processes that append ${ROWS.toLocaleString("en-US")} rows each to one file`, () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "agent-otel-ledger-"));
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  const run = async (kind: WriterPlace["kind"], rows: number) => {
    const place = { directory, kind };
    const writers = Array.from({ length: PROCESSES }, (_, number) => startWriter(place, number, rows));
    const startedMs = performance.now();
    const errors = (await Promise.all(writers.map(writerErrors))).flat();
    const locked = errors.filter((message) => /lock/.test(message)).length;
    const acked = ackedIn(directory);
    const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
    console.log(
      `${kind}: ${acked.length} rows acknowledged in ${seconds} s, ${errors.length} errors, ${locked} of them locks`,
    );
    return { errors, locked, acked, ledger: openLedger(databaseOf(place)) };
  };

  it("make one chain without gaps, and meet no locked database", async () => {
    const { errors, acked, ledger } = await run("ledger", ROWS);
    expect(errors).toEqual([]);
    const rows = await allRows(ledger);
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: PROCESSES * ROWS }, (_, i) => i + 1));
    expect(acked.toSorted()).toEqual(rows.map(promised).toSorted());
    expect(await ledger.verify()).toMatchObject({ valid: true, rows: PROCESSES * ROWS });
    await ledger.close();
  });

  it("would be seen: a writer that looks for the number first meets locks", async () => {
    const { locked, ledger } = await run("check-then-insert", NAIVE_ROWS);
    expect(locked).toBeGreaterThan(0);
    expect(await ledger.verify()).toMatchObject({ valid: false });
    await ledger.close();
  });
});
