import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CoarseClock } from "../../src/internal/coarse-clock.ts";
import type { Link, Wait } from "../../src/internal/wait.ts";
import { WaitList } from "../../src/internal/wait-list.ts";
import { ManualClock } from "../../src/testing/index.ts";
import { ManualTimers } from "../pipeline/durable-span-exporter/support.ts";

class Noted implements Wait {
  previous: Link = this;
  next: Link = this;
  endMs = 0;
  readonly #ended: () => void;

  constructor(ended: () => void = () => {}) {
    this.#ended = ended;
  }

  timeOver(): void {
    this.#ended();
  }
}

function setUp(ms = 100) {
  const clock = new ManualClock();
  const timers = new ManualTimers();
  const coarse = new CoarseClock(clock, timers.after);
  const list = new WaitList(ms, coarse, timers.after);
  const advance = async (byMs: number): Promise<void> => {
    clock.advance(byMs);
    await timers.advance(byMs);
  };
  return { clock, timers, list, advance };
}

describe("a list of waits", () => {
  it("ends each when its time is over", async () => {
    const { list, advance } = setUp(100);
    const ended: string[] = [];
    list.start(new Noted(() => ended.push("first")));
    await advance(60);
    list.start(new Noted(() => ended.push("second")));
    await advance(39);
    expect(ended).toEqual([]);
    await advance(1);
    expect(ended).toEqual(["first"]);
    await advance(60);
    expect(ended).toEqual(["first", "second"]);
  });

  it("ends none a millisecond early with one that began before it", async () => {
    const { list, advance } = setUp(100);
    const ended: string[] = [];
    list.start(new Noted(() => ended.push("first")));
    await advance(1);
    list.start(new Noted(() => ended.push("second")));
    await advance(99);
    expect(ended).toEqual(["first"]);
    await advance(1);
    expect(ended).toEqual(["first", "second"]);
  });

  it("does not end one that was stopped", async () => {
    const { list, advance } = setUp(100);
    let ended = false;
    const wait = new Noted(() => {
      ended = true;
    });
    list.start(wait);
    list.stop(wait);
    await advance(1_000);
    expect(ended).toBe(false);
  });

  it("has one timer for all", () => {
    let set = 0;
    const list = new WaitList(100, new CoarseClock(new ManualClock(), () => () => {}), () => {
      set += 1;
      return () => {};
    });
    for (let i = 0; i < 1_000; i++) list.start(new Noted());
    expect(set).toBe(1);
  });

  it("leaves no timer when nobody waits any more", () => {
    const { list, timers } = setUp();
    const waits = [new Noted(), new Noted()];
    for (const wait of waits) list.start(wait);
    for (const wait of waits) list.stop(wait);
    expect(timers.next).toBeUndefined();
    expect(list.isIdle).toBe(true);
  });

  it("keeps its timer between very many calls, and is idle after its time", async () => {
    const { list, timers, advance } = setUp(100);
    for (let i = 0; i < 100; i++) {
      const wait = new Noted();
      list.start(wait);
      list.stop(wait);
    }
    expect(list.isIdle).toBe(false);
    await advance(100);
    expect(list.isIdle).toBe(true);
    expect(timers.next).toBeUndefined();
  });

  it("takes a stop twice, after the end, and of one that never started", async () => {
    const { list, advance } = setUp(100);
    const ended = new Noted();
    list.start(ended);
    await advance(100);
    let other = false;
    list.start(
      new Noted(() => {
        other = true;
      }),
    );
    for (const wait of [ended, ended, new Noted()]) list.stop(wait);
    await advance(100);
    expect(other).toBe(true);
  });

  it("does not let a timer hold the process", () => {
    const holds: boolean[] = [];
    const list = new WaitList(100, new CoarseClock(new ManualClock(), () => () => {}), (_ms, _run, held) => {
      holds.push(held);
      return () => {};
    });
    list.start(new Noted());
    expect(holds).toEqual([false]);
  });

  it("ends each within a millisecond of its time, whatever starts and stops when", async () => {
    const step = fc.record({
      act: fc.constantFrom("start", "stop", "nothing"),
      which: fc.nat(),
      thenMs: fc.nat({ max: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { clock, list, advance } = setUp(50);
        const due = new Map<Noted, number>();
        const start = (): void => {
          const wait = new Noted(() => {
            expect(clock.monotonic()).toBe(due.get(wait));
            due.delete(wait);
          });
          due.set(wait, clock.monotonic() + 50);
          list.start(wait);
        };
        for (const { act, which, thenMs } of steps) {
          const wait = [...due.keys()][which % Math.max(1, due.size)];
          if (act === "start") start();
          if (act === "stop" && wait !== undefined) {
            list.stop(wait);
            due.delete(wait);
          }
          for (let i = 0; i < thenMs; i++) await advance(1);
          for (const atMs of due.values()) expect(atMs).toBeGreaterThan(clock.monotonic());
        }
        for (let i = 0; i < 50; i++) await advance(1);
        expect(due.size).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});
