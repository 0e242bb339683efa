import { describe, expect, it } from "vitest";
import { supervisor } from "../../src/work/supervisor.ts";
import { ManualTime, settled } from "./manual-time.ts";

const AGENTS = 50;
const TASKS = 2_000;
const TYPES = ["research", "write", "review", "code", "translate"];

/** The same numbers each time, from 0 to 1. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** Fifty agents: most fail now and then, five break down for a while, and five hang once in a while. */
function setUp() {
  const time = new ManualTime();
  const random = randomNumbers(50);
  const tasks = supervisor({
    clock: time.clock,
    after: time.after,
    random,
    taskTimeoutMs: 2_000,
    recoveryTimeoutMs: 200,
  });
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => void time.after(ms, resolve, false));
  const now = { running: 0, most: 0, calls: 0 };
  const running = new Array<number>(AGENTS).fill(0);
  const faults: string[] = [];
  for (let i = 0; i < AGENTS; i++) {
    const handler = async (n: number, signal: AbortSignal): Promise<number> => {
      now.running += 1;
      now.calls += 1;
      now.most = Math.max(now.most, now.running);
      running[i]! += 1;
      if (running[i]! > 3) faults.push(`agent ${i} ran ${running[i]} tasks at once`);
      try {
        if (i % 10 === 3 && random() < 0.1) {
          await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
        }
        await sleep(20 + Math.floor(random() * 200));
        const isBroken = i % 10 === 7 && time.clock.monotonic() < 600;
        if (isBroken || random() < 0.1) throw new Error(`agent ${i} failed`);
        return n * 2;
      } finally {
        now.running -= 1;
        running[i]! -= 1;
      }
    };
    tasks.register(`agent-${i}`, handler, { taskTypes: [TYPES[i % 5]!, TYPES[(i + 1) % 5]!] });
  }
  return { tasks, time, random, now, faults };
}

describe("fifty agents at once", () => {
  it("all work, fail, hang, break down and recover, and every task that was taken has one answer", async () => {
    const { tasks, time, random, now, faults } = setUp();
    const taken: number[] = [];
    let refused = 0;
    let mostWaiting = 0;
    const failedOnce = new Set<string>();
    for (let n = 0; taken.length < TASKS; ) {
      for (let burst = 0; burst < 40 && taken.length < TASKS; burst++, n++) {
        const task = {
          taskId: `t${n}`,
          taskType: TYPES[n % 5]!,
          payload: n,
          priority: 1 + Math.floor(random() * 10),
        };
        if (tasks.submit(task)) taken.push(n);
        else refused += 1;
      }
      const { queueSize, workers } = tasks.dashboard();
      mostWaiting = Math.max(mostWaiting, queueSize);
      for (const [name, { state }] of Object.entries(workers)) if (state === "failed") failedOnce.add(name);
      await time.advance(20);
    }
    const drained = tasks.drain();
    let isDrained = false;
    void drained.then(() => {
      isDrained = true;
    });
    for (let i = 0; i < 1_000 && !isDrained; i++) await time.advance(100);
    await drained;

    // Nothing was lost, nothing answered twice or for another.
    const results = await Promise.allSettled(taken.slice(-1_000).map((n) => tasks.result(`t${n}`)));
    const wrong = results.filter(
      (each, i) => each.status === "fulfilled" && each.value !== taken.slice(-1_000)[i]! * 2,
    );
    expect(wrong).toEqual([]);
    const rows = Object.values(tasks.dashboard().workers);
    const answered = rows.reduce((sum, { completed, errors }) => sum + completed + errors, 0);
    expect([answered, now.calls]).toEqual([TASKS, TASKS]);
    expect(faults).toEqual([]);

    // They were busy all at once, the queue kept its bound, and there was pressure.
    expect(now.most).toBeGreaterThanOrEqual(AGENTS);
    expect(now.most).toBeLessThanOrEqual(AGENTS * 3);
    expect(mostWaiting).toBeLessThanOrEqual(100);
    expect(refused).toBeGreaterThan(0);

    // Those that broke down were taken out, and came back.
    for (const i of [7, 17, 27, 37, 47]) expect([...failedOnce]).toContain(`agent-${i}`);
    expect(rows.filter(({ completed }) => completed === 0)).toEqual([]);
    await tasks.close();
    await settled();
    expect(now.running).toBe(0);
  });
});
