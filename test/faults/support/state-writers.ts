import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { postgresStore, redisStore, type Store, sharedState, sqliteStore } from "../../../src/index.ts";
import { anomaliesOf, type FinalList, type Transaction } from "./list-append.ts";

const PROGRAM = fileURLToPath(new URL("../programs/state-writer.ts", import.meta.url));

export type WriterKind = "lists" | "lists-naive" | "pages" | "pages-naive" | "holder";

/** @param place A file, or the URL of PostgreSQL or Redis. */
export function storeAt(place: string): Store {
  if (place.startsWith("redis:")) return redisStore(place);
  return place.startsWith("postgres") ? postgresStore(place) : sqliteStore(place);
}

/** @param log Where it writes what it has done, a line of JSON for each. */
export function startWriter(
  place: string,
  kind: WriterKind,
  log: string,
  name: string,
  count: number,
): ChildProcess {
  const args = [PROGRAM, place, kind, log, name, String(count)];
  return spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
}

/** The state that writers use until its lists are full, and then the next one. */
export function listsName(kind: string, generation: number): string {
  return `${kind} ${generation}`;
}

export interface ListRun {
  readonly anomalies: readonly string[];
  readonly committed: number;
  readonly refused: number;
  readonly keys: number;
  readonly ms: number;
}

/** Eight writers in four processes, each of which commits `count` transactions. */
export async function runLists(
  place: string,
  directory: string,
  kind: "lists" | "lists-naive",
  count: number,
): Promise<ListRun> {
  const startedMs = performance.now();
  const logs = [0, 1, 2, 3].map((n) => join(directory, `${kind}-${n}.log`));
  const ended = logs.map((log, n) => once(startWriter(place, kind, log, `p${n}`, count), "exit"));
  const codes = await Promise.all(ended);
  const ms = performance.now() - startedMs;
  if (codes.some(([code]) => code !== 0)) throw new Error(`writers ended with ${JSON.stringify(codes)}`);
  const history = logs.flatMap((log) => linesOf(log).map((line) => JSON.parse(line) as Transaction));
  const store = storeAt(place);
  const final = new Map<string, FinalList>();
  for (let generation = 0, found = -1; found < final.size; generation++) {
    found = final.size;
    const state = sharedState({ name: listsName(kind, generation), store });
    for (const { key, value, version } of await state.entries<string[]>())
      final.set(`${generation}/${key}`, { list: value, version });
  }
  await store.close();
  const committed = history.filter(({ outcome }) => outcome === "ok").length;
  return {
    anomalies: anomaliesOf(history, final),
    committed,
    refused: history.length - committed,
    keys: final.size,
    ms,
  };
}

/** Whole lines: one that a kill cut off was not said. */
export function linesOf(log: string): readonly string[] {
  return readFileSync(log, "utf8").split("\n").slice(0, -1);
}
