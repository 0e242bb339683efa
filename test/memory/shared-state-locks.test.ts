import { describe, expect, it } from "vitest";
import { agent } from "../../src/agent/agent.ts";
import { sharedState } from "../../src/memory/shared-state.ts";
import { memoryState } from "../../src/stores/state/memory-state.ts";
import type { StateStore } from "../../src/stores/state/state-store.ts";
import { ManualTime, settled } from "../work/manual-time.ts";

/** Several objects are as several processes with one store. */
function setUp(objects = 2) {
  const time = new ManualTime();
  const memory = memoryState(time.clock);
  const failing = { with: undefined as Error | undefined };
  const state: StateStore = new Proxy(memory, {
    get(target, name: keyof StateStore) {
      if (failing.with !== undefined && name !== "commit") return () => Promise.reject(failing.with);
      return (target[name] as () => unknown).bind(target);
    },
  });
  const options = { clock: time.clock, after: time.after, random: () => 0.5, store: { state } };
  return { time, failing, states: Array.from({ length: objects }, () => sharedState(options)) };
}

describe("a lock", () => {
  it("is one holder's until he releases it, and then the next one's, with a larger fence", async () => {
    const { states, time } = setUp();
    const [one, other] = states as [(typeof states)[0], (typeof states)[0]];
    const first = await one.lock("a", { agent: "one" });
    const waiting = other.lock("a", { agent: "other" });
    await time.advance(1_000);
    expect(await first.release()).toBe(true);
    await time.advance(50);
    const second = await waiting;
    expect([first.fence, second.fence]).toEqual([1, 2]);
    expect(await second.release()).toBe(true);
  });

  it("is not waited for longer than asked for, and it is said who has it", async () => {
    const { states, time } = setUp();
    await states[0]!.lock("a", { agent: "holder" });
    const waiting = states[1]!.lock("a", { waitMs: 2_000 });
    const told = expect(waiting).rejects.toMatchObject({
      code: "lock_timeout",
      state: "state",
      key: "a",
      holder: "holder",
      heldForMs: 28_000,
      waitedMs: 2_000,
      message:
        'no lock of "a" in the shared state "state" within 2000 ms: "holder" has it for another 28000 ms',
    });
    await time.advance(2_000);
    await told;
    expect(states[1]!.stats()).toMatchObject({ lockWaits: 1, lockTimeouts: 1, locksHeld: 0 });
    expect(time.pending).toBe(0);
  });

  it("is waited for five seconds, and has a lease of thirty, where nothing is said", async () => {
    const { states, time } = setUp();
    const lost = await states[0]!.lock("a");
    const told = expect(states[1]!.lock("a")).rejects.toMatchObject({ waitedMs: 5_000, heldForMs: 25_000 });
    await time.advance(5_000);
    await told;
    await time.advance(24_999);
    await expect(states[1]!.lock("a", { waitMs: 0 })).rejects.toMatchObject({ heldForMs: 1 });
    await time.advance(1);
    expect((await states[1]!.lock("a", { waitMs: 0 })).fence).toBe(2);
    expect(await lost.release()).toBe(false);
  });

  it("is taken as soon as the lease of its holder is over", async () => {
    const { states, time } = setUp();
    await states[0]!.lock("a", { leaseMs: 1_234 });
    const waiting = states[1]!.lock("a");
    await time.advance(1_234);
    expect((await waiting).fence).toBe(2);
  });

  it("goes at once to those of the same process who wait, in the order in which they asked", async () => {
    const { states, time } = setUp(1);
    const [state] = states as [(typeof states)[0]];
    const order: number[] = [];
    const first = await state.lock("a");
    const all = [1, 2, 3].map(async (n) => {
      const lock = await state.lock("a");
      order.push(n);
      await lock.release();
    });
    await settled();
    await first.release();
    // No time passes.
    await Promise.all(all);
    expect(order).toEqual([1, 2, 3]);
    expect(time.pending).toBe(0);
    expect(state.stats()).toMatchObject({ locksHeld: 0, lockWaits: 3 });
  });

  it("passes over one who has given up", async () => {
    const { states } = setUp(1);
    const [state] = states as [(typeof states)[0]];
    const first = await state.lock("a");
    const controller = new AbortController();
    const reason = new Error("enough");
    const gaveUp = expect(state.lock("a", { signal: controller.signal })).rejects.toBe(reason);
    const next = state.lock("a");
    await settled();
    controller.abort(reason);
    await gaveUp;
    await first.release();
    expect((await next).fence).toBe(2);
    await expect(state.lock("b", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(await (await state.lock("b", { waitMs: 0 })).release()).toBe(true);
  });

  it("says that others wait where it is not even the turn of the one who gives up", async () => {
    const { states, time } = setUp(1);
    await states[0]!.lock("a", { agent: "holder" });
    const first = states[0]!.lock("a", { waitMs: 60_000, leaseMs: 1_000 });
    const second = expect(states[0]!.lock("a", { waitMs: 100 })).rejects.toMatchObject({ holder: "holder" });
    await time.advance(100);
    await second;
    await time.advance(30_000);
    await (await first).release();
  });

  it("of one key is none of another, nor of another state", async () => {
    const { states } = setUp();
    await states[0]!.lock("a");
    await states[0]!.lock("b", { waitMs: 0 });
    await sharedState().lock("a", { waitMs: 0 });
  });

  it("hinders nobody to write", async () => {
    const { states } = setUp();
    await states[0]!.lock("a");
    expect(await states[1]!.write("a", 1)).toMatchObject({ outcome: "written" });
  });
});

describe("a lock that the same agent asks for again", () => {
  it("is his, as often as he asks, until he has released all", async () => {
    const { states } = setUp();
    const [one, other] = states as [(typeof states)[0], (typeof states)[0]];
    const locks = [await one.lock("a", { agent: "x" }), await one.lock("a", { agent: "x", waitMs: 0 })];
    expect(locks.map(({ fence }) => fence)).toEqual([1, 1]);
    expect(await locks[0]!.release()).toBe(true);
    expect(await locks[0]!.release()).toBe(true);
    await expect(other.lock("a", { waitMs: 0 })).rejects.toMatchObject({ holder: "x" });
    expect(await locks[1]!.release()).toBe(true);
    expect((await other.lock("a", { waitMs: 0 })).fence).toBe(2);
  });

  it("is not his from another object, which may be another process", async () => {
    const { states } = setUp();
    await states[0]!.lock("a", { agent: "x" });
    await expect(states[1]!.lock("a", { agent: "x", waitMs: 0 })).rejects.toMatchObject({ holder: "x" });
  });

  it("is of the call of an agent, not of all calls of the same agent", async () => {
    const { states } = setUp(1);
    const [state] = states as [(typeof states)[0]];
    const nested = agent("x", async () => {
      const outer = await state.lock("a", { waitMs: 0 });
      const inner = await state.lock("a", { waitMs: 0 });
      return [outer, inner];
    });
    const [outer, inner] = await nested();
    expect(inner!.fence).toBe(outer!.fence);
    await expect(nested()).rejects.toMatchObject({ code: "lock_timeout", holder: "x" });
  });

  it("outside of agents is not his, as nobody knows who he is", async () => {
    const { states } = setUp(1);
    await states[0]!.lock("a");
    await expect(states[0]!.lock("a", { waitMs: 0 })).rejects.toMatchObject({ holder: "unknown" });
  });

  it("has a lease from then on, and never a shorter one", async () => {
    const { states, time } = setUp();
    await states[0]!.lock("a", { agent: "x", leaseMs: 1_000 });
    await time.advance(900);
    await states[0]!.lock("a", { agent: "x", leaseMs: 10 });
    await time.advance(999);
    await expect(states[1]!.lock("a", { waitMs: 0 })).rejects.toMatchObject({ heldForMs: 1 });
  });

  it("is waited for where somebody else took it since the lease was over", async () => {
    const { states, time } = setUp();
    const lost = await states[0]!.lock("a", { agent: "x", leaseMs: 1_000 });
    await time.advance(1_000);
    const other = await states[1]!.lock("a");
    const again = states[0]!.lock("a", { agent: "x" });
    await time.advance(500);
    await other.release();
    await time.advance(50);
    expect((await again).fence).toBe(3);
    expect(await lost.release()).toBe(false);
    await expect(states[1]!.lock("a", { waitMs: 0 })).rejects.toMatchObject({ holder: "x" });
  });

  it("is kept while one of the two is being released", async () => {
    const { states } = setUp(2);
    const first = await states[0]!.lock("a", { agent: "x" });
    const [released, second] = await Promise.all([first.release(), states[0]!.lock("a", { agent: "x" })]);
    expect(released).toBe(true);
    await expect(states[1]!.lock("a", { waitMs: 0 })).rejects.toMatchObject({ holder: "x" });
    expect(await second.release()).toBe(true);
  });
});

describe("a write with a lock", () => {
  it("is refused when somebody else has it, has had it, or it was released", async () => {
    const { states, time } = setUp();
    const [one, other] = states as [(typeof states)[0], (typeof states)[0]];
    const lock = await one.lock("a", { leaseMs: 1_000 });
    await one.write("x", 1, { lock });
    await time.advance(60_000);
    // Nobody else has asked for it.
    await one.write("x", 2, { lock });
    const taken = await other.lock("a", { waitMs: 0 });
    const lost = { code: "lock_lost", key: "a", fence: 1, state: "state" };
    await expect(one.write("x", 3, { lock })).rejects.toMatchObject(lost);
    await taken.release();
    await expect(one.write("x", 3, { lock })).rejects.toMatchObject(lost);
    await expect(one.delete("x", { lock })).rejects.toMatchObject(lost);
    await expect(one.session((session) => session.write("x", 3), { lock })).rejects.toMatchObject(lost);
    await expect(lock.extend()).rejects.toMatchObject(lost);
    expect((await one.read("x"))?.value).toBe(2);
    const again = await one.lock("a");
    await again.release();
    await expect(one.write("x", 3, { lock: again })).rejects.toMatchObject({ code: "lock_lost", fence: 3 });
    await expect(again.extend()).rejects.toMatchObject({ code: "lock_lost" });
  });

  it("goes on as long as it is extended", async () => {
    const { states, time } = setUp();
    const lock = await states[0]!.lock("a", { leaseMs: 1_000 });
    for (let n = 0; n < 5; n++) {
      await time.advance(900);
      await lock.extend();
    }
    await expect(states[1]!.lock("a", { waitMs: 0 })).rejects.toMatchObject({ heldForMs: 1_000 });
    await lock.extend(9_000);
    await expect(states[1]!.lock("a", { waitMs: 0 })).rejects.toMatchObject({ heldForMs: 9_000 });
    await expect(lock.extend(0)).rejects.toThrow(RangeError);
  });
});

describe("withLock", () => {
  it("lets one in at a time, gives back what the function gives, and releases also where it throws", async () => {
    const { states } = setUp(1);
    const [state] = states as [(typeof states)[0]];
    let inside = 0;
    const work = (n: number) =>
      state.withLock("a", async (lock) => {
        expect(++inside).toBe(1);
        await settled();
        inside -= 1;
        if (n === 3) throw new Error("boom");
        return lock.fence;
      });
    const results = await Promise.allSettled([1, 2, 3, 4].map(work));
    expect(results.map((one) => (one.status === "fulfilled" ? one.value : "boom"))).toEqual([
      1,
      2,
      "boom",
      4,
    ]);
    expect(state.stats().locksHeld).toBe(0);
  });

  it("keeps the lock for as long as the function takes", async () => {
    const { states, time } = setUp();
    const { promise, resolve } = Promise.withResolvers<string>();
    const work = states[0]!.withLock("a", () => promise, { leaseMs: 3_000 });
    await time.advance(20_000);
    await expect(states[1]!.lock("a", { waitMs: 0 })).rejects.toMatchObject({ code: "lock_timeout" });
    resolve("done");
    expect(await work).toBe("done");
    expect(time.pending).toBe(0);
    expect((await states[1]!.lock("a", { waitMs: 0 })).fence).toBe(2);
  });

  it("tells the function by its signal, and the caller at the end, that somebody else has the lock", async () => {
    const { states, time, failing } = setUp();
    let signal: AbortSignal | undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    const work = states[0]!.withLock(
      "a",
      (_, given) => {
        signal = given;
        return promise;
      },
      { leaseMs: 3_000 },
    );
    await settled();
    failing.with = new Error("no network");
    await time.advance(2_999);
    expect(signal?.aborted).toBe(false);
    await time.advance(1_000);
    expect(signal?.reason).toMatchObject({ code: "lock_lost" });
    failing.with = undefined;
    await states[1]!.lock("a", { waitMs: 0 });
    resolve();
    await expect(work).rejects.toMatchObject({ code: "lock_lost", fence: 1 });
  });

  it("tells the caller also where no timer could run before somebody else took the lock", async () => {
    const { states, time } = setUp();
    const work = states[0]!.withLock("a", async () => {
      // As where the event loop is blocked.
      time.clock.advance(30_000);
      await states[1]!.lock("a", { waitMs: 0 });
    });
    await expect(work).rejects.toMatchObject({ code: "lock_lost", fence: 1 });
  });

  it("goes on where the store was away for less than a lease", async () => {
    const { states, time, failing } = setUp();
    const { promise, resolve } = Promise.withResolvers<string>();
    const work = states[0]!.withLock("a", () => promise, { leaseMs: 3_000 });
    await settled();
    failing.with = new Error("no network");
    await time.advance(1_500);
    failing.with = undefined;
    await time.advance(10_000);
    resolve("done");
    expect(await work).toBe("done");
  });

  it("gives back what the function gives where the lock cannot be released", async () => {
    const { states, failing } = setUp();
    const work = states[0]!.withLock("a", async () => {
      failing.with = new Error("no network");
      return "done";
    });
    expect(await work).toBe("done");
  });

  it("hands the signal of the caller on", async () => {
    const { states } = setUp();
    const controller = new AbortController();
    const work = states[0]!.withLock(
      "a",
      async (_, signal) => {
        controller.abort(new Error("enough"));
        signal.throwIfAborted();
      },
      { signal: controller.signal },
    );
    await expect(work).rejects.toThrow("enough");
    expect((await states[0]!.lock("a", { waitMs: 0 })).fence).toBe(2);
  });
});
