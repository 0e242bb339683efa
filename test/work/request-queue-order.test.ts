import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RequestQueueOptions, requestQueue } from "../../src/work/request-queue.ts";
import { StrictQueue } from "../naive/queue-strict.ts";
import { ManualTime, settled } from "./manual-time.ts";

const RANDOM_TASKS = 100_000;

interface Task {
  readonly id: number;
  readonly priority: number;
  readonly atMs: number;
  startedMs: number | undefined;
  end: () => void;
  readonly caller: AbortController | undefined;
}

/** Runs tasks on a queue, and looks at every start whether it was allowed. */
class Run {
  readonly time = new ManualTime();
  readonly queue;
  readonly concurrency: number;
  readonly running: Task[] = [];
  /** Handed in and neither started nor given up, by priority, in order. */
  readonly waiting = new Map<number, Task[]>();
  readonly faults: string[] = [];
  started = 0;
  mostRunning = 0;
  #ids = 0;

  constructor(
    options: Omit<RequestQueueOptions, "name" | "clock" | "after"> & { readonly concurrency: number },
  ) {
    const { clock, after } = this.time;
    this.concurrency = options.concurrency;
    this.queue = requestQueue({ name: "random", clock, after, ...options });
  }

  add(priority: number, canAbort: boolean): Task {
    const caller = canAbort ? new AbortController() : undefined;
    const atMs = this.time.clock.monotonic();
    const { promise, resolve } = Promise.withResolvers<void>();
    const task: Task = { id: this.#ids++, priority, atMs, startedMs: undefined, end: resolve, caller };
    const line = this.waiting.get(priority) ?? [];
    line.push(task);
    this.waiting.set(priority, line);
    const work = (): Promise<void> => {
      this.#begun(task);
      return promise;
    };
    this.queue.add(work, { priority, ...(caller && { signal: caller.signal }) }).catch((error) => {
      if (error !== "enough") this.faults.push(`task ${task.id}: ${error}`);
    });
    return task;
  }

  abort(task: Task): void {
    const before = this.queue.size;
    task.caller?.abort("enough");
    if (task.startedMs !== undefined) return;
    if (this.queue.size !== before - 1)
      this.faults.push(`task ${task.id} kept its place when it was aborted`);
    this.#leave(task);
  }

  end(task: Task): void {
    this.running.splice(this.running.indexOf(task), 1);
    task.end();
  }

  #begun(task: Task): void {
    if (task.caller?.signal.aborted) this.faults.push(`task ${task.id} was started after it was aborted`);
    const [first] = this.waiting.get(task.priority) ?? [];
    if (first !== task)
      this.faults.push(`task ${task.id} of priority ${task.priority} overtook ${first?.id}`);
    this.#leave(task);
    task.startedMs = this.time.clock.monotonic();
    this.started += 1;
    this.running.push(task);
    this.mostRunning = Math.max(this.mostRunning, this.running.length);
  }

  #leave(task: Task): void {
    const line = this.waiting.get(task.priority) ?? [];
    const place = line.indexOf(task);
    if (place !== -1) line.splice(place, 1);
  }
}

/** The same numbers each time. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

describe("the order of a request queue", () => {
  it(`holds for ${RANDOM_TASKS} random tasks: never above the concurrency, and first in, first out inside a priority`, async () => {
    const random = randomNumbers(7);
    const run = new Run({ concurrency: 7, maxQueue: 200, agingMs: 50 });
    let aborted = 0;
    for (let tasks = 0; tasks < RANDOM_TASKS; ) {
      for (let burst = random(20); burst > 0 && run.queue.size < 180; burst--, tasks++) {
        const task = run.add(1 + random(10), random(4) === 0);
        if (task.caller !== undefined && random(2) === 0 && task.startedMs === undefined) {
          run.abort(task);
          aborted += 1;
        }
      }
      for (let ends = random(16); ends > 0 && run.running.length > 0; ends--)
        run.end(run.running[random(run.running.length)]!);
      await run.time.advance(random(30));
    }
    while (run.running.length > 0) {
      run.end(run.running[0]!);
      await settled();
    }
    expect(run.faults).toEqual([]);
    expect(run.mostRunning).toBe(7);
    expect(run.started + aborted).toBeGreaterThanOrEqual(RANDOM_TASKS);
    expect([run.queue.size, run.queue.running, run.queue.zombies]).toEqual([0, 0, 0]);
  });

  it("keeps its counts whatever happens in whatever order", async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("add" as const), priority: fc.integer({ min: 1, max: 10 }) }),
      fc.record({ kind: fc.constant("end" as const), which: fc.nat(20) }),
      fc.record({ kind: fc.constant("abort" as const), which: fc.nat(20) }),
      fc.record({ kind: fc.constant("pause" as const) }),
      fc.record({ kind: fc.constant("resume" as const) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 1, max: 4 }),
        async (steps, concurrency) => {
          const run = new Run({ concurrency, maxQueue: 100, agingMs: 10 });
          const tasks: Task[] = [];
          for (const each of steps) {
            if (each.kind === "add") tasks.push(run.add(each.priority, true));
            else if (each.kind === "pause") run.queue.pause();
            else if (each.kind === "resume") run.queue.resume();
            else {
              const candidates =
                each.kind === "end" ? run.running : tasks.filter(({ caller }) => !caller?.signal.aborted);
              const task = candidates[each.which % Math.max(1, candidates.length)];
              if (task !== undefined) each.kind === "end" ? run.end(task) : run.abort(task);
            }
            await run.time.advance(3);
            expect(run.queue.running).toBeLessThanOrEqual(concurrency);
            expect(run.queue.running).toBe(run.running.length);
            const waiting = [...run.waiting.values()].reduce((sum, line) => sum + line.length, 0);
            expect(run.queue.size).toBe(waiting);
          }
          expect(run.faults).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });
});

const AGING_MS = 100;
const TASK_MS = 10;
const MAX_QUEUE = 40;
const CONCURRENCY = 2;

/** Offers more important tasks than can be run, for ever, beside one of priority 10. @returns When that was started, milliseconds. */
async function waitUnderFire(
  add: (task: () => Promise<void>, options: { readonly priority: number }) => Promise<void>,
  size: () => number,
  time: ManualTime,
  forMs: number,
): Promise<number | undefined> {
  const ends: (() => void)[] = [];
  const work = () => new Promise<void>((resolve) => void ends.push(resolve));
  let startedMs: number | undefined;
  const fill = (): void => {
    while (size() < MAX_QUEUE) void add(work, { priority: 1 });
  };
  while (size() < MAX_QUEUE - 1) void add(work, { priority: 1 });
  const low = (): Promise<void> => {
    startedMs = time.clock.monotonic();
    return work();
  };
  void add(low, { priority: 10 });
  for (let ms = 0; ms < forMs && startedMs === undefined; ms += TASK_MS) {
    fill();
    await time.advance(TASK_MS);
    for (const end of ends.splice(0)) end();
    await settled();
  }
  return startedMs;
}

describe("a task of the lowest priority under endless tasks of the highest", () => {
  const boundMs = 9 * AGING_MS + Math.ceil(MAX_QUEUE / CONCURRENCY) * TASK_MS;

  it("waits no longer than its ageing, and then than those that were there before it", async () => {
    const time = new ManualTime();
    const { clock, after } = time;
    const queue = requestQueue({
      name: "fire",
      concurrency: CONCURRENCY,
      maxQueue: MAX_QUEUE,
      agingMs: AGING_MS,
      clock,
      after,
    });
    const startedMs = await waitUnderFire(
      (task, options) => queue.add(task, options),
      () => queue.size,
      time,
      10 * boundMs,
    );
    expect(startedMs).toBeGreaterThanOrEqual(9 * AGING_MS);
    expect(startedMs).toBeLessThanOrEqual(boundMs);
  });

  it("control: waits for ever where only the priority counts", async () => {
    const time = new ManualTime();
    const queue = new StrictQueue(CONCURRENCY);
    const startedMs = await waitUnderFire(
      (task, options) => queue.add(task, options),
      () => queue.size,
      time,
      10 * boundMs,
    );
    expect(startedMs).toBeUndefined();
  });
});

describe("control: a heap of priorities alone", () => {
  it("does not keep the order of coming among equals", async () => {
    const queue = new StrictQueue(1);
    const order: number[] = [];
    await Promise.all([0, 1, 2, 3].map((i) => queue.add(async () => void order.push(i))));
    expect(order).not.toEqual([0, 1, 2, 3]);
  });
});
