import { describe, expect, it, onTestFinished } from "vitest";
import type { ReplayHandler } from "../../src/work/dead-letter-queue.ts";
import type { ServeReplaysOptions } from "../../src/work/letters/serve-replays.ts";
import { queueWith, storeWith, TASK } from "./letters/letter-fixture.ts";
import { gate } from "./manual-time.ts";

/** Real I/O of the file store takes more than a turn. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 2_000 && !(await isSo()); i++) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(await isSo()).toBe(true);
}

describe.each(["sqlite", "files"])("serving the replays that were asked for (%s)", (kind) => {
  const setUp = async (options = {}) => {
    const parts = queueWith(options, kind);
    const { id } = await parts.queue.add(TASK);
    const serve = (handler: ReplayHandler, more: ServeReplaysOptions = {}, queue = parts.queue) => {
      const service = queue.serveReplays(handler, more);
      onTestFinished(() => service.close());
      return service;
    };
    /** Each look asks the store, whose I/O the clock knows nothing of. */
    const looks = async (times: number) => {
      for (let i = 0; i < times; i++) {
        await parts.time.advance(1_000);
        await until(() => parts.time.pending > 0);
      }
    };
    const isAsked = async () => (await parts.queue.get(id))?.replayRequestedAt !== undefined;
    return { ...parts, id, serve, looks, isAsked };
  };

  it("replays a letter that another queue on the same store asks for, and resolves it", async () => {
    const { queue, more, id, serve, looks, isAsked } = await setUp();
    const keys: string[] = [];
    serve((_, { idempotencyKey }) => void keys.push(idempotencyKey));
    await looks(3);
    expect(keys).toEqual([]);
    expect(await more().requestReplay(id)).toBe(true);
    expect(await isAsked()).toBe(true);
    await looks(1);
    await until(async () => (await queue.get(id))?.resolved === true);
    expect(keys).toEqual([`dead-letter:dead-letters:${id}`]);
    expect(await isAsked()).toBe(false);
    expect(await more().requestReplay(id)).toBe(false);
  });

  it("takes a request off with a failed attempt, so that it is not tried for ever", async () => {
    const { queue, id, serve, looks, isAsked } = await setUp();
    await queue.requestReplay(id);
    let runs = 0;
    serve(() => {
      runs += 1;
      throw new Error("still broken");
    });
    await looks(1);
    await until(async () => !(await isAsked()));
    await looks(5);
    expect(runs).toBe(1);
    expect(await queue.get(id)).toMatchObject({ attempts: 4, replays: 1, resolved: false });
  });

  it("works off what was asked for without a pause, as many at once as it may", async () => {
    const { queue, serve, time, clock } = await setUp();
    const ids = [];
    for (let i = 0; i < 12; i++) ids.push((await queue.add({ ...TASK, payload: i })).id);
    for (const each of ids) await queue.requestReplay(each);
    let [running, most, done] = [0, 0, 0];
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running -= 1;
      done += 1;
    };
    serve(work, { concurrency: 3 });
    // A timer that is due at once is no second that passes.
    await until(async () => {
      await time.advance(0);
      return done === 12;
    });
    expect(clock.monotonic()).toBe(0);
    expect(most).toBe(3);
  });

  it("does a request once, of three processes that serve the queue", async () => {
    const { queue, more, id, serve, looks, isAsked } = await setUp();
    let runs = 0;
    const fails = async () => {
      runs += 1;
      throw new Error("no");
    };
    for (let i = 0; i < 3; i++) serve(fails, {}, more());
    for (let round = 1; round <= 5; round++) {
      await queue.requestReplay(id);
      await looks(1);
      await until(async () => !(await isAsked()));
      expect(runs).toBe(round);
    }
  });

  it("leaves the request of a replay that is given up when it closes to the next one", async () => {
    const { queue, id, serve, looks, isAsked } = await setUp();
    await queue.requestReplay(id);
    let begun = false;
    const service = serve((_, { signal }) => {
      begun = true;
      return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    });
    await looks(1);
    await until(() => begun);
    await service.close();
    await service.close();
    expect(await isAsked()).toBe(true);
    expect(await queue.get(id)).toMatchObject({ attempts: 3, replays: 0 });
    serve(() => "done");
    await looks(1);
    await until(async () => (await queue.get(id))?.resolved === true);
  });

  it("takes a request during a replay for that replay", async () => {
    const { queue, id, serve, looks, isAsked } = await setUp();
    await queue.requestReplay(id);
    const { task, fail, state } = gate();
    serve((_, { signal }) => task(signal));
    await looks(1);
    await until(() => state.begun);
    expect(await queue.requestReplay(id)).toBe(true);
    fail(new Error("no"));
    await until(async () => !(await isAsked()));
  });

  it("drops the request of a letter that was replayed too often", async () => {
    const { queue, id, serve, looks, isAsked } = await setUp({ maxReplays: 1 });
    await queue.replay(id, () => Promise.reject(new Error("no")));
    await queue.requestReplay(id);
    let runs = 0;
    serve(() => void runs++);
    await looks(1);
    await until(async () => !(await isAsked()));
    expect(runs).toBe(0);
  });

  it("asks a store that fails less and less often, and goes on when it is back", async () => {
    const { queue, more, store, id, serve, time } = await setUp();
    let [asked, isDown] = [0, true];
    const shaky = storeWith(store, {
      askedReplays: (...args) => {
        asked += 1;
        return isDown ? Promise.reject(new Error("down")) : store.askedReplays(...args);
      },
    });
    let runs = 0;
    serve(() => void runs++, {}, more({ store: { deadLetters: shaky } }));
    await time.advance(120_000);
    expect(asked).toBeLessThan(10);
    isDown = false;
    await queue.requestReplay(id);
    await time.advance(60_000);
    await until(() => runs === 1);
  });

  it("tells who asks for an unknown letter, and who sets it up wrongly", async () => {
    const { queue } = await setUp();
    await expect(queue.requestReplay("dl-nothing")).rejects.toMatchObject({ code: "unknown_dead_letter" });
    expect(() => queue.serveReplays(() => 1, { pollMs: 5 })).toThrow(
      "serveReplays: pollMs must be a whole number from 100 to 3600000, got 5",
    );
    expect(() => queue.serveReplays(() => 1, { concurrency: 0 })).toThrow("serveReplays: concurrency");
    expect(() => queue.serveReplays("x" as never)).toThrow("the handler must be a function");
  });
});
