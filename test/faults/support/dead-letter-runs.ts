import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { JsonFileLetters } from "../../naive/letters-json-files.ts";
import { isFailing, openLetters, openSource } from "./open-letters.ts";

const WORKER = fileURLToPath(new URL("../programs/dead-letter-worker.ts", import.meta.url));
const REPLAYER = fileURLToPath(new URL("../programs/dead-letter-replayer.ts", import.meta.url));
/** So often it is counted between kills. */
const LOOKS = 5;
const LANES = 2;

export interface LetterPlace {
  /** Of messages and effects. */
  readonly source: string;
  /** Of the letters. */
  readonly letters: string;
  readonly kind: "queue" | "naive";
}

export interface MessageCounts {
  readonly kills: number;
  readonly messages: number;
  readonly done: number;
  readonly dead: number;
  readonly inFlight: number;
  /** Neither in the table, nor done, nor a dead letter. */
  readonly lost: number;
  /** Done twice, done and dead, or dead twice. */
  readonly twice: number;
}

/** Lets two processes at a time work off messages, kills each so many times in all at random moments, and then lets them finish. */
export async function killWorkers(
  place: LetterPlace,
  messages: number,
  kills: number,
): Promise<MessageCounts> {
  const source = openSource(place.source);
  source.exec("BEGIN");
  const insert = source.prepare("INSERT INTO messages (id, fails) VALUES (?, ?)");
  for (let id = 1; id <= messages; id++) insert.run(id, Number(isFailing(id)));
  source.exec("COMMIT");
  source.close();
  let left = kills;
  const pauseMs = (messages / kills) * 1.2;
  let worst: MessageCounts | undefined;
  let looks = place.kind === "queue" ? LOOKS : 0;
  /** While the others work: a kill must leave nothing that only a later process puts right. */
  const look = async () => {
    looks -= 1;
    const now = await count(place, messages, kills);
    if (now.lost + now.twice > 0) worst ??= now;
  };
  const lane = async (lane: number) => {
    const start = () => startProgram(WORKER, place.source, place.letters, lane, LANES, place.kind);
    while (left > 0) {
      left -= 1;
      await killSoon(start(), Math.random() * pauseMs);
      if (looks > 0) await look();
    }
    await once(start(), "exit");
  };
  await Promise.all(Array.from({ length: LANES }, (_, i) => lane(i)));
  return worst ?? count(place, messages, kills);
}

export interface ReplayCounts {
  readonly kills: number;
  readonly letters: number;
  /** How often a handler ran. */
  readonly runs: number;
  /** By idempotency key, at a receiver that goes by it. */
  readonly paid: number;
  readonly unresolved: number;
}

/** Lets two processes at a time replay all letters, kills so many of them at random moments, and then lets two finish. */
export async function killReplayers(
  place: LetterPlace,
  letters: number,
  kills: number,
): Promise<ReplayCounts> {
  await fill(place, letters);
  let left = kills;
  const start = () => startProgram(REPLAYER, place.source, place.letters, place.kind);
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await killSoon(start(), Math.random() * 60);
    }
    await once(start(), "exit");
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const source = openSource(place.source);
  const number = (sql: string) => Number((source.prepare(sql).get() as { readonly n: number }).n);
  const [runs, paid] = [number("SELECT count(*) n FROM effects"), number("SELECT count(*) n FROM paid")];
  source.close();
  return { kills, letters, runs, paid, unresolved: await unresolved(place) };
}

async function fill({ letters, kind }: LetterPlace, many: number): Promise<void> {
  if (kind === "naive") {
    const naive = new JsonFileLetters(letters);
    for (let i = 0; i < many; i++) await naive.add({ i });
    return;
  }
  const { queue, store } = openLetters(letters);
  for (let i = 0; i < many; i++)
    await queue.add({ taskType: "message", payload: { i }, error: new Error("no"), attempts: 1 });
  await store.close();
}

async function unresolved({ letters, kind }: LetterPlace): Promise<number> {
  if (kind === "naive") return new JsonFileLetters(letters).list().filter(({ resolved }) => !resolved).length;
  const { queue, store } = openLetters(letters);
  const summary = await queue.summary();
  await store.close();
  return summary.unresolved;
}

async function count(place: LetterPlace, messages: number, kills: number): Promise<MessageCounts> {
  // In this order, as messages leave the table last: what is on its way is seen twice, not never.
  const source = openSource(place.source);
  const idsIn = (table: "messages" | "done") =>
    (source.prepare(`SELECT id FROM ${table}`).all() as unknown as { readonly id: number }[]).map(
      ({ id }) => id,
    );
  const waiting = new Set(idsIn("messages"));
  const done = idsIn("done");
  source.close();
  const dead = await deadIn(place);
  const ended = [...done, ...dead];
  const unique = new Set(ended);
  const known = new Set([...waiting, ...ended]);
  return {
    kills,
    messages,
    done: done.length,
    dead: dead.length,
    inFlight: [...waiting].filter((id) => !unique.has(id)).length,
    lost: messages - known.size,
    twice: ended.length - unique.size,
  };
}

async function deadIn({ letters, kind }: LetterPlace): Promise<readonly number[]> {
  const idOf = (payload: unknown) => (payload as { readonly id: number }).id;
  if (kind === "naive") return new JsonFileLetters(letters).list().map(({ payload }) => idOf(payload));
  const { queue, store } = openLetters(letters);
  const found = await queue.list({ limit: 10_000 });
  await store.close();
  return found.map(({ payload }) => idOf(payload));
}

function startProgram(program: string, ...args: readonly (string | number)[]): ChildProcess {
  return spawn(process.execPath, [program, ...args.map(String)], { stdio: ["ignore", "pipe", "inherit"] });
}

async function killSoon(child: ChildProcess, ms: number): Promise<void> {
  const ended = once(child, "exit");
  await Promise.race([once(child.stdout!, "data"), ended]);
  await sleep(ms);
  child.kill("SIGKILL");
  await ended;
}
