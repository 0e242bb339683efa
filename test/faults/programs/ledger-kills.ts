// Kills processes that append to one ledger, two at a time, at random moments; verifies the chain after each, and counts in the end
// what is left of what they were promised.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LedgerHead } from "../../../src/stores/ledger/ledger.ts";
import { ackedIn, databaseOf, startWriter, type WriterPlace } from "./ledger-processes.ts";
import { allRows, openLedger, promised } from "./open-ledger.ts";

const AT_A_TIME = 2;
/** A new ledger after so many, or verifying all of it after each kill would take longer and longer. */
const KILLS_PER_LEDGER = 20;

export interface LedgerKills {
  readonly kills: number;
  readonly acked: number;
  readonly rows: number;
  readonly lost: number;
  /** Chains that were not valid after a kill, or had lost the head that was seen before. */
  readonly invalid: number;
}

/** @param database Makes an empty one, and gives its URL. @default a file of SQLite */
export async function killLedgerWriters(
  kills: number,
  kind: WriterPlace["kind"],
  database?: () => Promise<string>,
): Promise<LedgerKills> {
  let total: LedgerKills = { kills: 0, acked: 0, rows: 0, lost: 0, invalid: 0 };
  while (total.kills < kills) {
    const few = Math.min(KILLS_PER_LEDGER, kills - total.kills);
    const one = await killOnOneLedger(few, kind, await database?.());
    total = {
      kills: total.kills + one.kills,
      acked: total.acked + one.acked,
      rows: total.rows + one.rows,
      lost: total.lost + one.lost,
      invalid: total.invalid + one.invalid,
    };
  }
  return total;
}

async function killOnOneLedger(
  kills: number,
  kind: WriterPlace["kind"],
  database: string | undefined,
): Promise<LedgerKills> {
  const directory = mkdtempSync(join(tmpdir(), "agent-otel-ledger-kills-"));
  const place: WriterPlace = { directory, kind, ...(database !== undefined && { database }) };
  let next = 0;
  let invalid = 0;
  let anchor: LedgerHead | undefined;
  const lane = async () => {
    while (next < kills) {
      await killOne(place, next++);
      const head = await validHead(place, anchor);
      if (head === undefined) invalid += 1;
      else if (head.seq > (anchor?.seq ?? 0)) anchor = head;
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_A_TIME }, lane));
    return { kills, invalid, ...(await count(place)) };
  } finally {
    rmSync(place.directory, { recursive: true, force: true });
  }
}

async function killOne(place: WriterPlace, number: number): Promise<void> {
  const child = startWriter(place, number, 0);
  const ended = once(child, "exit");
  // Each fourth while it opens the ledger, or makes it. The others while they write, however long it took them to begin.
  const early = number % 4 === 0;
  await Promise.race([hears(child, early ? "loaded" : "acknowledged"), ended]);
  await sleep(early ? Math.random() * 15 : Math.random() * 120);
  child.kill("SIGKILL");
  await ended;
}

function hears(child: ChildProcess, word: string): Promise<void> {
  return new Promise((resolve) => {
    child.stdout!.on("data", (said: Buffer) => {
      if (said.includes(word)) resolve();
    });
  });
}

/** @returns `undefined` where the chain is broken, or does not go on from the anchor. */
async function validHead(
  place: WriterPlace,
  anchor: LedgerHead | undefined,
): Promise<LedgerHead | undefined> {
  const ledger = openLedger(databaseOf(place));
  const verdict = await ledger.verify(anchor === undefined ? {} : { anchor });
  await ledger.close();
  return verdict.valid ? verdict.head : undefined;
}

async function count(place: WriterPlace): Promise<Pick<LedgerKills, "acked" | "rows" | "lost">> {
  const acked = ackedIn(place.directory);
  const ledger = openLedger(databaseOf(place));
  const kept = (await allRows(ledger)).map(promised);
  await ledger.close();
  // Who says yes first knows no number yet.
  const known = new Set([...kept, ...kept.map((line) => line.replace(/^\d+/, "0"))]);
  return { acked: acked.length, rows: kept.length, lost: acked.filter((line) => !known.has(line)).length };
}
