// Writes to a shared state, and says what it has done. Usage: state-writer.ts PATH|URL KIND LOG NAME COUNT
//   lists, lists-naive   two writers that each commit COUNT transactions, which read lists and append to them
//   pages, pages-naive   writes one number into all pages, in sessions, until it is killed
//   holder               writes under a lock until that is lost
import { openSync, writeSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { isAgentError, sharedState } from "../../../src/index.ts";
import { keyByKeyState } from "../../naive/state-key-by-key.ts";
import { readThenWriteState } from "../../naive/state-read-then-write.ts";
import type { Transaction } from "../support/list-append.ts";
import { listsName, storeAt } from "../support/state-writers.ts";

const [place = "", kind = "lists", log = "", name = "p", count = "0"] = process.argv.slice(2);
/** Lists that are written to at one time. When one is full, the next one takes its place. */
const LISTS = 4;
const FULL = 32;
const PAGES = ["page 1", "page 2", "page 3", "page 4", "page 5"];

const store = storeAt(place);
const naive = { lists: readThenWriteState, pages: keyByKeyState };
const open = (space: string) =>
  sharedState({
    name: space,
    store: kind.endsWith("-naive")
      ? { state: naive[kind.startsWith("lists") ? "lists" : "pages"](store.state!) }
      : store,
    strategy: kind.startsWith("pages") ? "last-write-wins" : "reject",
  });
const fd = openSync(log, "a");
const say = (line: unknown): void => void writeSync(fd, `${JSON.stringify(line)}\n`);
const pick = (limit: number): number => Math.floor(Math.random() * limit);

type Reads = Transaction["reads"];
type Appends = Transaction["appends"];

let elements = 0;
/** A state of its own for each few lists: a session copies all of one. */
let generation = 0;
let state = open(listsName(kind, 0));
const KEYS = Array.from({ length: LISTS }, (_, n) => `list ${n}`);

function isFull(from: number): void {
  if (from !== generation) return;
  generation += 1;
  state = open(listsName(kind, generation));
}

/** Each element is written once, also where its transaction is refused and another one is made. */
async function append(writer: string): Promise<boolean> {
  const [now, from] = [state, generation];
  const keys = [...KEYS].sort(() => Math.random() - 0.5);
  const reads: Reads[number][] = [];
  const appends: Appends[number][] = [];
  const nextOf = (key: string) => ({ key, element: `${writer} ${elements++}` });
  const done = (outcome: Transaction["outcome"]): boolean => {
    say({ writer, outcome, ...placed(from, { reads, appends }) });
    if (outcome === "ok" && reads.every(({ list }) => list.length >= FULL)) isFull(from);
    return outcome === "ok" && appends.length > 0;
  };
  try {
    if (Math.random() < 0.5) {
      const key = keys[0]!;
      const { value: list = [], version = 0 } = (await now.read<string[]>(key)) ?? {};
      reads.push({ key, list, version });
      if (list.length >= FULL) return done("ok");
      appends.push(nextOf(key));
      const written = await now.write(key, [...list, appends[0]!.element], { expectedVersion: version });
      appends[0] = { ...appends[0]!, version: written.version };
    } else {
      const [many, written] = [1 + pick(3), pick(3)];
      const { writes } = await now.session((session) => {
        for (const key of keys.slice(0, many)) reads.push({ key, list: session.read<string[]>(key) ?? [] });
        for (const { key, list } of reads.slice(0, written)) {
          if (list.length >= FULL) continue;
          appends.push(nextOf(key));
          session.write(key, [...list, appends.at(-1)!.element]);
        }
      });
      for (const [i, { version }] of writes.entries()) appends[i] = { ...appends[i]!, version };
    }
  } catch (error) {
    if (isAgentError(error) && error.code === "state_conflict") return done("fail");
    done("info");
    throw error;
  }
  return done("ok");
}

/** Keys with the state that they are in. */
function placed(from: number, { reads, appends }: { reads: Reads; appends: Appends }) {
  const inState = <T extends { readonly key: string }>(one: T): T => ({ ...one, key: `${from}/${one.key}` });
  return { reads: reads.map(inState), appends: appends.map(inState) };
}

async function lists(writer: string): Promise<void> {
  for (let done = 0; done < Number(count); ) if (await append(writer)) done += 1;
}

async function pages(): Promise<void> {
  const state = open(kind);
  for (let n = 1; ; n++) {
    await state.session((session) => {
      for (const page of PAGES) session.write(page, `${name} ${n}`);
    });
    if (n === 1) process.stdout.write("writing\n");
  }
}

async function holder(): Promise<void> {
  const state = open(kind);
  const lock = await state.lock("the lock", { agent: name, leaseMs: 500 });
  process.stdout.write("locked\n");
  for (let n = 1; ; n++) {
    await state.write("guarded", `${name} ${n}`, { lock, agent: name });
    await lock.extend();
    await wait(10);
  }
}

if (kind.startsWith("lists")) await Promise.all([lists(`${name}a`), lists(`${name}b`)]);
else if (kind.startsWith("pages")) await pages();
else
  await holder().catch((error: unknown) => {
    say(isAgentError(error) ? error.code : String(error));
  });
await store.close();
process.exit();
