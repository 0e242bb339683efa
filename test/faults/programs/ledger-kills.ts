// Kills processes that append to one ledger, two at a time, at random moments; verifies the chain after each, and counts in the end
// what is left of what they were promised.
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import type { LedgerHead } from "../../../src/stores/ledger/ledger.ts";
import { sqliteLedger } from "../../../src/stores/sqlite/sqlite-ledger.ts";
import { ackedIn, databaseOf, startWriter, type WriterPlace } from "./ledger-processes.ts";

const AT_A_TIME = 2;
/** A new file after so many, or verifying all of it after each kill would take longer and longer. */
const KILLS_PER_FILE = 20;

export interface LedgerKills {
  readonly kills: number;
  readonly acked: number;
  readonly rows: number;
  readonly lost: number;
  /** Chains that were not valid after a kill, or had lost the head that was seen before. */
  readonly invalid: number;
}

export async function killLedgerWriters(kills: number, kind: WriterPlace["kind"]): Promise<LedgerKills> {
  let total: LedgerKills = { kills: 0, acked: 0, rows: 0, lost: 0, invalid: 0 };
  while (total.kills < kills) {
    const file = await killOnOneFile(Math.min(KILLS_PER_FILE, kills - total.kills), kind);
    total = {
      kills: total.kills + file.kills,
      acked: total.acked + file.acked,
      rows: total.rows + file.rows,
      lost: total.lost + file.lost,
      invalid: total.invalid + file.invalid,
    };
  }
  return total;
}

async function killOnOneFile(kills: number, kind: WriterPlace["kind"]): Promise<LedgerKills> {
  const place = { directory: mkdtempSync(join(tmpdir(), "agent-otel-ledger-kills-")), kind };
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
    return { kills, invalid, ...count(place) };
  } finally {
    rmSync(place.directory, { recursive: true, force: true });
  }
}

async function killOne(place: WriterPlace, number: number): Promise<void> {
  const child = startWriter(place, number, 0);
  const ended = once(child, "exit");
  await once(child.stdout!, "data");
  // Each fourth while it opens the file, or makes it.
  await sleep(number % 4 === 0 ? Math.random() * 15 : 20 + Math.random() * 120);
  child.kill("SIGKILL");
  await ended;
}

/** @returns `undefined` where the chain is broken, or does not go on from the anchor. */
async function validHead(
  place: WriterPlace,
  anchor: LedgerHead | undefined,
): Promise<LedgerHead | undefined> {
  const ledger = sqliteLedger({ path: databaseOf(place) });
  const verdict = await ledger.verify(anchor === undefined ? {} : { anchor });
  await ledger.close();
  return verdict.valid ? verdict.head : undefined;
}

function count(place: WriterPlace): Pick<LedgerKills, "acked" | "rows" | "lost"> {
  const acked = ackedIn(place.directory);
  const kept = existsSync(databaseOf(place)) ? keptIn(databaseOf(place)) : [];
  // Who says yes first knows no number yet.
  const known = new Set([...kept, ...kept.map((line) => line.replace(/^\d+/, "0"))]);
  return { acked: acked.length, rows: kept.length, lost: acked.filter((line) => !known.has(line)).length };
}

function keptIn(path: string): readonly string[] {
  const db = new DatabaseSync(path);
  const rows = db.prepare("SELECT seq, payload ->> '$.id' AS id FROM ledger").all();
  db.close();
  return rows.map(({ seq, id }) => `${seq} ${id}`);
}
