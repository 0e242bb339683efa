import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Ledger, LedgerHead } from "../../src/stores/ledger/ledger.ts";
import { sqliteLedger } from "../../src/stores/sqlite/sqlite-ledger.ts";
import { hashUnchained, verifyUnchained } from "../naive/ledger-unchained.ts";
import { type Dice, keepBackup, openToTamper, putBack, TAMPERINGS } from "./programs/ledger-tamperings.ts";
import { entry } from "./support/tampered-entry.ts";

const TRIES = 10_000;
const ROWS = 40;

describe(`${TRIES.toLocaleString("en-US")} tamperings with a ledger of ${ROWS} rows`, () => {
  let directory: string;
  let path: string;
  let ledger: Ledger;
  let head: LedgerHead;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "agent-otel-ledger-"));
    path = join(directory, "ledger.db");
    ledger = sqliteLedger({ path, groupMs: 0, policy: "fail_closed" });
    await Promise.all(Array.from({ length: ROWS }, (_, i) => ledger.append(entry(i))));
    head = await ledger.head();
  });

  afterEach(async () => {
    await ledger.close();
    rmSync(directory, { recursive: true });
  });

  it("are all found, and the ledger is valid again once they are undone", async () => {
    const seed = Math.trunc(Math.random() * 2 ** 31);
    const dice = diceOf(seed);
    const db = openToTamper(path);
    const kinds: Record<string, number> = {};
    const missed: string[] = [];
    for (let i = 0; i < TRIES; i++) {
      const { name, needsAnchor, apply } = TAMPERINGS[i % TAMPERINGS.length]!;
      apply(db, ROWS, dice);
      const verdict = await ledger.verify(needsAnchor ? { anchor: head } : {});
      if (verdict.valid) missed.push(`${i}: ${name}`);
      else kinds[verdict.firstBreak.kind] = (kinds[verdict.firstBreak.kind] ?? 0) + 1;
      putBack(db);
      if (i % 100 === 0)
        expect(await ledger.verify({ anchor: head })).toMatchObject({ valid: true, rows: ROWS });
    }
    db.close();
    console.log(
      `seed ${seed}: ${TRIES} tamperings, ${missed.length} missed, found as ${JSON.stringify(kinds)}`,
    );
    expect(missed).toEqual([]);
  }, 300_000);

  it("would be missed by hashes that are not chained", () => {
    const dice = diceOf(1);
    const db = openToTamper(path);
    hashUnchained(db);
    keepBackup(db);
    expect(verifyUnchained(db)).toBe(true);
    const missed: Record<string, number> = {};
    for (let i = 0; i < 10 * TAMPERINGS.length; i++) {
      const { name, apply } = TAMPERINGS[i % TAMPERINGS.length]!;
      apply(db, ROWS, dice);
      if (verifyUnchained(db)) missed[name] = (missed[name] ?? 0) + 1;
      putBack(db);
    }
    db.close();
    console.log(`unchained: missed of 10 each ${JSON.stringify(missed)}`);
    expect(missed).toMatchObject({
      "rows deleted": 10,
      "two rows swapped with their hashes": 10,
      "the end cut off": 10,
    });
  });
});

/** Numbers that a seed gives again (mulberry32). */
function diceOf(seed: number): Dice {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
