import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Clock } from "../../../src/internal/clock.ts";
import { setDeadline } from "../../../src/internal/deadline.ts";
import type { After } from "../../../src/internal/timers.ts";
import { rateLimit } from "../../../src/resilience/rate-limit.ts";
import { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import { burstOf, limited, MINUTE_MS, pass, watched } from "./support.ts";

describe("a call that waits for its turn", () => {
  it("waits until there is room, and no longer", async () => {
    const { limiter, time } = limited({ perMinute: 20 });
    await limiter.acquire();
    const second = watched(limiter.acquire());
    await pass(time, 2_999);
    expect(second.state()).toBe("waiting");
    await pass(time, 1);
    expect(second.state()).toBe("done");
  });

  it("says how long it has waited", async () => {
    const { limiter, time } = limited({ perMinute: 20 });
    expect((await limiter.acquire()).waitedMs).toBe(0);
    const second = limiter.acquire();
    await pass(time, 3_000);
    expect((await second).waitedMs).toBe(3_000);
  });

  it("is served in the order of asking, whatever it costs", async () => {
    const { limiter, time } = limited({ perMinute: 60, burst: 5 });
    burstOf(limiter, 5);
    const served: number[] = [];
    for (const [i, cost] of [5, 1, 4, 2, 1].entries())
      void limiter.acquire({ cost }).then(() => served.push(i));
    const after: (readonly number[])[] = [];
    for (let second = 0; second < 13; second++) {
      await pass(time, 1_000);
      after.push([...served]);
    }
    expect(after.at(-1)).toEqual([0, 1, 2, 3, 4]);
    expect(after[3]).toEqual([]);
    expect(after[4]).toEqual([0]);
  });

  it("is not overtaken by one that does not wait", async () => {
    const { limiter, time } = limited({ perMinute: 20 });
    await limiter.acquire();
    const waiting = watched(limiter.acquire());
    time.advance(1_000);
    expect(limiter.tryAcquire()).toMatchObject({ allowed: false, retryAfterMs: 5_000 });
    await pass(time, 2_000);
    expect(waiting.state()).toBe("done");
  });

  it("is not overtaken by one that wants so little that it would fit", async () => {
    const { limiter } = limited({ perMinute: 60, burst: 5 });
    burstOf(limiter, 3);
    const large = watched(limiter.acquire({ cost: 5 }));
    const small = watched(limiter.acquire({ cost: 1 }));
    await turn();
    expect([large.state(), small.state()]).toEqual(["waiting", "waiting"]);
  });

  it("waits for its own key alone", async () => {
    const { limiter } = limited({ perMinute: 20 });
    await limiter.acquire({ key: "a" });
    const waiting = watched(limiter.acquire({ key: "a" }));
    await limiter.acquire({ key: "b" });
    expect(waiting.state()).toBe("waiting");
  });

  it("gives its place up at once when its caller aborts, and rejects with that reason", async () => {
    const { limiter, time } = limited({ perMinute: 20, maxWaiting: 2 });
    await limiter.acquire();
    const caller = new AbortController();
    const first = limiter.acquire({}, caller.signal);
    const second = watched(limiter.acquire());
    await expect(limiter.acquire()).rejects.toMatchObject({ reason: "queue_full" });
    caller.abort("enough");
    const third = watched(limiter.acquire());
    await expect(first).rejects.toBe("enough");
    await pass(time, 3_000);
    expect(second.state()).toBe("done");
    await pass(time, 3_000);
    expect(third.state()).toBe("done");
  });

  it("lets the next one go at once that wants less than the one who gave up", async () => {
    const { limiter } = limited({ perMinute: 60, burst: 5 });
    burstOf(limiter, 3);
    const caller = new AbortController();
    const large = limiter.acquire({ cost: 5 }, caller.signal);
    const small = limiter.acquire({ cost: 2 });
    caller.abort("enough");
    await expect(large).rejects.toBe("enough");
    await small;
  });

  it("does not begin to wait, nor count, for a caller that has aborted already", async () => {
    const { limiter } = limited({ perMinute: 20 });
    const aborted = AbortSignal.abort("before");
    await expect(limiter.acquire({}, aborted)).rejects.toBe("before");
    await expect(limiter.execute(async () => 1, aborted)).rejects.toBe("before");
    expect(limiter.tryAcquire().allowed).toBe(true);
  });

  it("leaves no listener on the caller's signal", async () => {
    const { limiter, time } = limited({ perMinute: 20 });
    await limiter.acquire();
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    const waiting = limiter.acquire({}, signal);
    expect(listeners).toBe(1);
    await pass(time, 3_000);
    await waiting;
    expect(listeners).toBe(0);
  });

  it("is refused when too many wait already", async () => {
    const { limiter } = limited({ perMinute: 20, maxWaiting: 2 });
    await limiter.acquire();
    void limiter.acquire();
    void limiter.acquire();
    await expect(limiter.acquire()).rejects.toMatchObject({
      code: "rate_limited",
      limiter: "test",
      reason: "queue_full",
      retryAfterMs: 9_000,
      limit: { name: "perMinute", amount: 20 },
    });
  });

  it("is refused at once when its turn would come after its deadline", async () => {
    const { limiter, time } = limited({ perMinute: 20 });
    await limiter.acquire();
    void limiter.acquire();
    await expect(limiter.acquire({}, endingAt(5_999))).rejects.toMatchObject({
      reason: "deadline",
      retryAfterMs: 6_000,
    });
    const inTime = watched(limiter.acquire({}, endingAt(6_000)));
    await pass(time, 3_000);
    await pass(time, 3_000);
    expect(inTime.state()).toBe("done");
  });

  it("is refused at once by its deadline also where it is the first to wait", async () => {
    const { limiter } = limited({ perMinute: 20 });
    await limiter.acquire();
    await expect(limiter.acquire({}, endingAt(2_999))).rejects.toMatchObject({ reason: "deadline" });
  });

  it("keeps the process alive, and only while somebody waits", async () => {
    const { limiter, time } = limited({ perMinute: 20 });
    await limiter.acquire();
    expect(time.holds).toBe(false);
    const waiting = limiter.acquire();
    expect(time.holds).toBe(true);
    await pass(time, 3_000);
    await waiting;
    expect(time.holds).toBe(false);
    const caller = new AbortController();
    const given = limiter.acquire({}, caller.signal);
    caller.abort("enough");
    await expect(given).rejects.toBe("enough");
    expect(time.waiting).toBe(0);
  });
});

describe("the rate of calls that wait", () => {
  it.each([
    [{ perMinute: 20, burst: 1 }, 200],
    [{ perMinute: 7, burst: 1 }, 70],
    [{ perMinute: 900, burst: 1 }, 9_000],
    [{ perSecond: 30, burst: 1 }, 18_000],
    [{ perMinute: 60, burst: 5 }, 600],
  ])("is within 1 %% of %j over ten minutes, after the burst", async (options, calls) => {
    const { limiter, time } = limited({ ...options, maxWaiting: 100_000 });
    let admitted = 0;
    for (let i = 0; i < calls + 100; i++) void limiter.acquire().then(() => admitted++);
    for (let ms = 0; ms < 10 * MINUTE_MS; ms += 1_000) await pass(time, 1_000);
    expect(Math.abs(admitted - options.burst - calls) / calls).toBeLessThanOrEqual(0.01);
  });

  it("does not sink by what timers are late", async () => {
    const late = new LateTimers();
    const { limiter } = limited({ perSecond: 30, maxWaiting: 100_000, clock: late.clock, after: late.after });
    let admitted = 0;
    for (let i = 0; i < 2_000; i++) void limiter.acquire().then(() => admitted++);
    // Nothing happens but every 20 ms, as on a machine that is busy.
    for (let ms = 0; ms < MINUTE_MS; ms += 20) {
      late.advance(20);
      await turn();
    }
    expect(admitted).toBeGreaterThanOrEqual(1_782);
    expect(admitted).toBeLessThanOrEqual(1_802);
  });

  it("is that of real timers too", async () => {
    const limiter = rateLimit({ name: "real", perSecond: 100, metrics: new MetricSources() });
    const startMs = performance.now();
    await Promise.all(Array.from({ length: 51 }, () => limiter.acquire()));
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(495);
  });
});

describe("a function under a limit", () => {
  it("waits for its turn, and keeps its arguments and result", async () => {
    const { limiter, time } = limited({ perMinute: 20 });
    const double = limiter.around(async (n: number) => n * 2);
    expect(await double(4)).toBe(8);
    const second = double(5);
    await pass(time, 3_000);
    expect(await second).toBe(10);
  });

  it("is refused at once where it is not to wait", async () => {
    const { limiter } = limited({ perMinute: 20, wait: false });
    expect(await limiter.execute(() => "first")).toBe("first");
    let called = false;
    const second = limiter.execute(() => {
      called = true;
    });
    await expect(second).rejects.toMatchObject({ code: "rate_limited", reason: "rate", retryAfterMs: 3_000 });
    expect(called).toBe(false);
  });

  it("throws what the function throws, the same object", async () => {
    const { limiter } = limited({ perMinute: 20 });
    const error = new Error("boom");
    await expect(limiter.execute(() => Promise.reject(error))).rejects.toBe(error);
  });

  it("gets the caller's signal, and gives up waiting with its reason", async () => {
    const { limiter } = limited({ perMinute: 20 });
    const caller = new AbortController();
    expect(await limiter.execute((signal) => signal, caller.signal)).toBe(caller.signal);
    const waiting = limiter.execute(() => "never", caller.signal);
    caller.abort("enough");
    await expect(waiting).rejects.toBe("enough");
  });
});

/** Timers that ring when somebody looks, which is later than they should. */
class LateTimers {
  #nowMs = 0;
  readonly #timers = new Set<{ readonly atMs: number; readonly run: () => void }>();
  readonly clock: Clock = { now: () => this.#nowMs, monotonic: () => this.#nowMs };
  readonly after: After = (ms, run) => {
    const timer = { atMs: this.#nowMs + ms, run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };

  advance(ms: number): void {
    this.#nowMs += ms;
    for (const timer of [...this.#timers].filter(({ atMs }) => atMs <= this.#nowMs)) {
      this.#timers.delete(timer);
      timer.run();
    }
  }
}

function endingAt(ms: number): AbortSignal {
  const { signal } = new AbortController();
  setDeadline(signal, ms);
  return signal;
}
