import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endOfRecord, keyOfRecord, keyText } from "../../src/health/rollup/fold-record.ts";
import { type RollupRow, SLICES_MS, type SliceMs } from "../../src/health/rollup/rollup-row.ts";
import { Rollups } from "../../src/health/rollup/rollups.ts";
import type { CallRecord } from "../../src/telemetry/call-record.ts";
import { ManualClock } from "../../src/testing/manual-clock.ts";
import { arbitraryRecord } from "./arbitrary-records.ts";
import { record } from "./records.ts";

const START = Date.UTC(2026, 0, 1);
const ALL = { fromMs: 0, toMs: START * 2 };
const SUMS = [
  "inputTokens",
  "outputTokens",
  "cacheReadTokens",
  "cacheWriteTokens",
  "reasoningTokens",
  "costNanoUsd",
] as const;

/** What a row must say, counted again record by record. */
function recount(records: readonly CallRecord[], nowMs: number, sliceMs: SliceMs): readonly string[] {
  const slices = new Map<string, CallRecord[]>();
  for (const each of records) {
    const startMs = Math.floor(endOfRecord(each, nowMs) / sliceMs) * sliceMs;
    const key = JSON.stringify([startMs, keyOfRecord(each)]);
    slices.set(key, [...(slices.get(key) ?? []), each]);
  }
  return [...slices]
    .map(([key, of]) =>
      JSON.stringify([
        key,
        of.length,
        ...SUMS.map((field) => of.reduce((sum, each) => sum + (each[field] ?? 0), 0)),
        of.filter(
          (each) => each.costNanoUsd === undefined && (each.inputTokens ?? each.outputTokens) !== undefined,
        ).length,
        ...(["calls", "tokens", "costNanoUsd"] as const).map((field) =>
          of.reduce((sum, each) => sum + (each.subtree?.[field] ?? 0), 0),
        ),
        of.filter((each) => each.durationMs !== undefined).length,
        of.reduce((sum, each) => sum + (each.durationMs ?? 0), 0),
      ]),
    )
    .sort();
}

function said(rows: readonly RollupRow[]): readonly string[] {
  return rows
    .map((row) => {
      const { operation, agent, callerType, caller, workflow, tool, provider, model, errorType } = row;
      const key = { operation, agent, callerType, caller, workflow, tool, provider, model, errorType };
      return JSON.stringify([
        JSON.stringify([row.startMs, key]),
        row.calls,
        ...SUMS.map((field) => row[field]),
        row.unpricedCalls,
        row.subtreeCalls,
        row.subtreeTokens,
        row.subtreeCostNanoUsd,
        row.durations.count,
        row.durations.sumMs,
      ]);
    })
    .sort();
}

describe("Rollups", () => {
  it("says of each slice and key what a recount of its records says", async () => {
    const ended = fc.integer({ min: START - 600_000, max: START });
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryRecord(3, ended), { maxLength: 60 }), async (records) => {
        const rollups = new Rollups({ clock: new ManualClock(START) });
        for (const each of records) rollups.add(each);
        for (const sliceMs of SLICES_MS)
          expect(said(await rollups.rows({ ...ALL, sliceMs }))).toEqual(recount(records, START, sliceMs));
      }),
      { numRuns: 300 },
    );
  });

  it("keeps its totals exact where there are more keys than it holds", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryRecord(50, fc.constant(START)), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 20 }),
        async (records, maxKeys) => {
          const rollups = new Rollups({ clock: new ManualClock(START), maxKeys });
          for (const each of records) rollups.add(each);
          const rows = await rollups.rows({ ...ALL, sliceMs: 10_000 });
          const sum = (pick: (row: RollupRow) => number) => rows.reduce((all, row) => all + pick(row), 0);
          expect(sum((row) => row.calls)).toBe(records.length);
          expect(sum((row) => row.costNanoUsd)).toBe(
            records.reduce((all, each) => all + (each.costNanoUsd ?? 0), 0),
          );
          expect(sum((row) => (row.errorType === "" ? 0 : row.calls))).toBe(
            records.filter((each) => each.errorType !== undefined).length,
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it("has no more rows than it may, whatever names arrive", () => {
    const clock = new ManualClock(START);
    const rollups = new Rollups({ clock, maxKeys: 50, maxRows: 200 });
    for (let i = 0; i < 20_000; i++) {
      clock.advance(100);
      rollups.add(record({ operation: "invoke_agent", agent: `agent-${i}` }));
    }
    expect(rollups.size).toBeLessThanOrEqual(3 * 200);
  });

  it("cuts names that are longer than any label", async () => {
    const rollups = new Rollups({ clock: new ManualClock(START) });
    rollups.add(record({ agent: "x".repeat(1_000_000) }));
    rollups.add(record({ agent: `${"x".repeat(1_000_000)}y` }));
    const rows = await rollups.rows({ ...ALL, sliceMs: 10_000 });
    expect(rows.map(({ agent, calls }) => [agent, calls])).toEqual([["x".repeat(128), 2]]);
  });

  it("counts a call where it ended, and one that ended in the future now", async () => {
    const rollups = new Rollups({ clock: new ManualClock(START) });
    rollups.add(record({ startMs: START - 25_000, durationMs: 10_000 }));
    rollups.add(record({ startMs: START + 3_600_000, durationMs: 1 }));
    rollups.add(record({ startMs: Number.NaN, durationMs: 1 }));
    const rows = await rollups.rows({ ...ALL, sliceMs: 10_000 });
    expect(rows.map(({ startMs, calls }) => [startMs - START, calls])).toEqual([
      [-20_000, 1],
      [0, 2],
    ]);
  });

  it("gives the slices of a range, from where the first begins to where the last ends", async () => {
    const clock = new ManualClock(START);
    const rollups = new Rollups({ clock });
    for (let i = 0; i < 6; i++, clock.advance(10_000)) rollups.add(record({}));
    const rows = await rollups.rows({ fromMs: START + 15_000, toMs: START + 30_001, sliceMs: 10_000 });
    expect(rows.map(({ startMs }) => startMs - START)).toEqual([10_000, 20_000, 30_000]);
  });

  it("lets each slice go after its time", async () => {
    const clock = new ManualClock(START);
    const rollups = new Rollups({ clock });
    rollups.add(record({}));
    clock.advance(36 * 24 * 3_600_000);
    rollups.add(record({}));
    expect(rollups.size).toBe(3);
  });

  it("takes no notice of calls that are older than what it keeps", () => {
    const rollups = new Rollups({ clock: new ManualClock(START) });
    rollups.add(record({ startMs: 0, durationMs: 1 }));
    expect(rollups.size).toBe(0);
  });

  it("goes on counting where the clock was put back and comes round again", async () => {
    const clock = new ManualClock(START);
    const rollups = new Rollups({ clock });
    rollups.add(record({}));
    clock.setWallClock(START - 60_000);
    rollups.add(record({}));
    clock.setWallClock(START);
    rollups.add(record({}));
    const rows = await rollups.rows({ ...ALL, sliceMs: 10_000 });
    expect(rows.map(({ startMs, calls }) => [startMs - START, calls])).toEqual([
      [-60_000, 1],
      [0, 1],
    ]);
  });

  it("gives copies: what is done to them changes nothing", async () => {
    const rollups = new Rollups({ clock: new ManualClock(START) });
    rollups.add(record({ durationMs: 5 }));
    const [row] = await rollups.rows({ ...ALL, sliceMs: 10_000 });
    row!.calls = 99;
    row!.durations.add(7);
    const [again] = await rollups.rows({ ...ALL, sliceMs: 10_000 });
    expect([again?.calls, again?.durations.count]).toEqual([1, 1]);
  });

  it("says which option is wrong", () => {
    expect(() => new Rollups({ maxKeys: 0 })).toThrow(
      "Rollups: maxKeys must be a whole number from 1 to 100000, got 0",
    );
    expect(() => new Rollups({ keepMs: { 10000: 5 } })).toThrow(
      "Rollups: keepMs[10000] must be a whole number >= 10000",
    );
  });
});

describe("keyText", () => {
  it("is the same for equal keys alone, whatever their names contain", () => {
    const name = fc.string({ unit: fc.constantFrom("a", ",", ":", "1", "\u0000"), maxLength: 4 });
    const key = fc.record({ agent: name, caller: name, tool: name, requestModel: name });
    fc.assert(
      fc.property(key, key, (one, other) => {
        const [a, b] = [keyOfRecord(record(one)), keyOfRecord(record(other))];
        expect(keyText(a) === keyText(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
      { numRuns: 2_000 },
    );
  });
});
