// A queue with so many tasks waiting, each that ends replaced by a new one: CPU time per task, from being handed in to its result.
import PQueue from "p-queue";
import { requestQueue } from "../src/work/request-queue.ts";
import { median } from "./harness.ts";

/** What this process sends: CPU nanoseconds per task, each the median of the rounds, and of the ratios of the rounds. */
export interface QueueResult {
  readonly oursNs: number;
  readonly theirsNs: number;
  readonly ratio: number;
}

/** One queue, as both kinds are driven. */
interface Driven {
  add(task: () => Promise<void>, priority: number): void;
  resume(): void;
  /** Nothing more is started. */
  end(): void;
}

const CONCURRENCY = 10;
/** What was made while the queue was filled is no part of what a task costs. */
const WARM_UP_TASKS = 200;
const waiting = Number(process.argv[2]);
/** With 100,000 waiting p-queue takes a second for these. */
const theirTasks = waiting > 10_000 ? 500 : 50_000;
/** Enough that the collection of what the round before has left is no part of it. */
const OUR_TASKS = 200_000;
const ROUNDS = 7;
const WARM_UP_ROUNDS = 4;
const swallow = (): void => {};

function ours(): Driven {
  const queue = requestQueue({ name: "bench", concurrency: CONCURRENCY, maxQueue: waiting + CONCURRENCY });
  queue.pause();
  return {
    add: (task, priority) => void queue.add(task, { priority }).catch(swallow),
    resume: () => queue.resume(),
    end: () => {
      queue.pause();
      void queue.close();
    },
  };
}

function theirs(): Driven {
  const queue = new PQueue({ concurrency: CONCURRENCY, autoStart: false });
  return {
    // There the highest number goes first.
    add: (task, priority) => void queue.add(task, { priority: 10 - priority }).catch(swallow),
    resume: () => void queue.start(),
    end: () => {
      queue.pause();
      queue.clear();
    },
  };
}

/** The same priorities for both, in no order that would suit one of them. */
const PRIORITIES: readonly number[] = Array.from(
  { length: 1_024 },
  (_, i) => 1 + (((i * 7_919) ^ (i >> 3)) % 10),
);

async function cpuNsPerTask(queue: Driven, most: number): Promise<number> {
  let handedIn = 0;
  const add = (): void => queue.add(task, PRIORITIES[handedIn++ % PRIORITIES.length]!);
  let done = -WARM_UP_TASKS;
  let before = process.cpuUsage();
  const { promise, resolve } = Promise.withResolvers<void>();
  const task = async (): Promise<void> => {
    done += 1;
    if (done === 0) before = process.cpuUsage();
    if (done === most) resolve();
    else if (done < most) add();
  };
  for (let i = 0; i < waiting + CONCURRENCY; i++) add();
  queue.resume();
  await promise;
  const { user, system } = process.cpuUsage(before);
  queue.end();
  return ((user + system) * 1_000) / most;
}

const measured: { ours: number; theirs: number }[] = [];
for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
  const each = { ours: 0, theirs: 0 };
  for (const name of round % 2 === 0 ? (["ours", "theirs"] as const) : (["theirs", "ours"] as const)) {
    each[name] = await cpuNsPerTask(
      name === "ours" ? ours() : theirs(),
      name === "ours" ? OUR_TASKS : theirTasks,
    );
  }
  if (round >= 0) measured.push(each);
}
const result: QueueResult = {
  oursNs: median(measured.map((each) => each.ours)),
  theirsNs: median(measured.map((each) => each.theirs)),
  ratio: median(measured.map((each) => each.ours / each.theirs)),
};
process.send?.(result);
process.disconnect?.();
process.exit();
