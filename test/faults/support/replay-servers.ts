import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ReplayFlags } from "../../naive/replay-flag-files.ts";
import type { LetterPlace } from "./dead-letter-runs.ts";
import { openLetters, openSource } from "./open-letters.ts";

const SERVER = fileURLToPath(new URL("../programs/dead-letter-server.ts", import.meta.url));
const LANES = 2;
/** A claim of one that was killed is over by then, and looked for. */
const LONGEST_MS = 120_000;
/** For so long nothing more happens where what is missing was lost. */
const STILL_MS = 3_000;

export interface ServedCounts {
  readonly kills: number;
  readonly letters: number;
  /** How often a handler ran. */
  readonly runs: number;
  /** By idempotency key, at a receiver that goes by it. */
  readonly paid: number;
  /** Requests that nobody has done. */
  readonly asked: number;
}

/** Asks for the replay of so many letters from this process, while two others serve them and are killed so many times. */
export async function killReplayServers(
  place: LetterPlace,
  letters: number,
  kills: number,
): Promise<ServedCounts> {
  const asker = await askerOf(place, letters);
  let left = kills;
  const children = new Set<ChildProcess>();
  const start = () => {
    const child = spawn(process.execPath, [SERVER, place.source, place.letters, place.kind], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    children.add(child);
    child.once("exit", () => children.delete(child));
    return child;
  };
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await killSoon(start(), Math.random() * 60);
    }
    await said(start(), "serving");
  };
  const source = openSource(place.source);
  const number = (sql: string) => Number((source.prepare(sql).get() as { readonly n: number }).n);
  const paid = () => number("SELECT count(*) n FROM paid");
  try {
    await Promise.all([asker.ask(), ...Array.from({ length: LANES }, lane)]);
    await stillness(paid, letters);
    for (const child of children) child.stdin?.end("end\n");
    await Promise.all([...children].map((child) => once(child, "exit")));
    const runs = number("SELECT count(*) n FROM effects");
    return { kills, letters, runs, paid: paid(), asked: await asker.left() };
  } finally {
    for (const child of children) child.kill("SIGKILL");
    source.close();
    await asker.close();
  }
}

async function askerOf({ letters: path, kind }: LetterPlace, many: number) {
  if (kind === "naive") {
    const flags = new ReplayFlags(path);
    return {
      ask: async () => {
        for (let i = 0; i < many; i++) flags.ask(`letter-${i}`);
      },
      left: async () => flags.list().length,
      close: async () => {},
    };
  }
  const { queue, store } = openLetters(path);
  const ids: string[] = [];
  for (let i = 0; i < many; i++)
    ids.push((await queue.add({ taskType: "message", payload: { i }, error: "no", attempts: 1 })).id);
  return {
    ask: async () => {
      for (const id of ids) await queue.requestReplay(id);
    },
    left: async () => (await store.deadLetters!.askedReplays(queue.name, many)).length,
    close: () => store.close(),
  };
}

/** Until all are paid, or nothing has happened for long. */
async function stillness(paid: () => number, letters: number): Promise<void> {
  const endMs = performance.now() + LONGEST_MS;
  let [last, sinceMs] = [paid(), performance.now()];
  while (last < letters && performance.now() < endMs && performance.now() - sinceMs < STILL_MS) {
    await sleep(20);
    if (paid() !== last) [last, sinceMs] = [paid(), performance.now()];
  }
  await sleep(200);
}

/** Resolves when the server has said this word; a busy machine takes seconds to start one. */
async function said(child: ChildProcess, word: string): Promise<void> {
  let all = "";
  await new Promise<void>((resolve) => {
    child.stdout!.on("data", (chunk: Buffer) => {
      all += chunk.toString();
      if (all.includes(word)) resolve();
    });
  });
}

async function killSoon(child: ChildProcess, ms: number): Promise<void> {
  const ended = once(child, "exit");
  const serving = said(child, "serving");
  // Where nothing is left to do it says no more.
  const idle = serving.then(() => sleep(2_000, undefined, { ref: false }));
  await Promise.race([said(child, "working"), ended, idle]);
  await sleep(ms);
  child.kill("SIGKILL");
  await ended;
}
