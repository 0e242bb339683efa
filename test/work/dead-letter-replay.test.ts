import { describe, expect, it } from "vitest";
import type { ReplayContext } from "../../src/work/dead-letter-queue.ts";
import { queueWith, storeWith, TASK } from "./letters/letter-fixture.ts";
import { gate, settled } from "./manual-time.ts";

/** Real I/O of the file store takes more than a turn. */
async function until(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 2_000 && !isSo(); i++) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(isSo()).toBe(true);
}

describe.each(["sqlite", "files"])("replaying a dead letter (%s)", (kind) => {
  const setUp = async (options = {}) => {
    const parts = queueWith(options, kind);
    const letter = await parts.queue.add(TASK);
    return { ...parts, id: letter.id, letter };
  };

  it("gives the handler the payload, and resolves the letter when it succeeds", async () => {
    const { queue, id, letter, clock } = await setUp();
    const seen: unknown[] = [];
    const result = await queue.replay(id, async (payload, { letter, attempt, idempotencyKey }) => {
      seen.push(payload, letter, attempt, idempotencyKey);
      return "answer";
    });
    expect(result).toEqual({ ok: true, result: "answer" });
    expect(seen).toEqual([TASK.payload, { ...letter, replays: 1 }, 4, `dead-letter:dead-letters:${id}`]);
    expect(await queue.get(id)).toMatchObject({
      resolved: true,
      resolution: `Replayed successfully at ${new Date(clock.now()).toISOString()}`,
      attempts: 3,
      replays: 1,
    });
  });

  it("keeps a failure as one more attempt, with the errors before in the history", async () => {
    const { queue, id, time, clock } = await setUp();
    await time.advance(1_000);
    const error = new RangeError("too many");
    const result = await queue.replay(id, () => {
      throw error;
    });
    expect(result).toEqual({ ok: false, error });
    expect(!result.ok && result.error).toBe(error);
    const letter = await queue.get(id);
    expect(letter).toMatchObject({
      resolved: false,
      attempts: 4,
      replays: 1,
      error: { type: "RangeError", message: "too many" },
      history: [{ type: "Error", message: "timed out", at: new Date(clock.now() - 1_000) }],
      lastAttemptAt: new Date(clock.now()),
    });
  });

  it("keeps the last twenty errors", async () => {
    const { queue, id } = await setUp({ maxReplays: 100 });
    for (let i = 0; i < 25; i++) await queue.replay(id, () => Promise.reject(new Error(`no ${i}`)));
    const letter = await queue.get(id);
    expect(letter?.error.message).toBe("no 24");
    expect(letter?.history.map(({ message }) => message)).toEqual(
      Array.from({ length: 20 }, (_, i) => `no ${i + 4}`),
    );
    expect(letter?.attempts).toBe(28);
  });

  it("refuses a second operator while the first one is at it, and after", async () => {
    const { queue, id, more } = await setUp();
    const { task, open, state } = gate<string>();
    const first = queue.replay(id, (_, { signal }) => task(signal));
    await until(() => state.begun);
    await expect(more().replay(id, () => "twice")).rejects.toMatchObject({
      code: "dead_letter_held",
      retryAfterMs: 300_000,
    });
    await expect(more().resolve(id, "by hand")).rejects.toMatchObject({ code: "dead_letter_held" });
    open("once");
    expect(await first).toEqual({ ok: true, result: "once" });
    await expect(more().replay(id, () => "twice")).rejects.toMatchObject({
      code: "dead_letter_resolved",
      resolution: expect.stringContaining("Replayed successfully"),
    });
    await expect(queue.replay("dl-nothing", () => 1)).rejects.toMatchObject({ code: "unknown_dead_letter" });
  });

  it("does the task once, of ten operators who begin at once", async () => {
    const { more, id } = await setUp();
    let effects = 0;
    const all = await Promise.allSettled(
      Array.from({ length: 10 }, () => more().replay(id, async () => void effects++)),
    );
    expect(effects).toBe(1);
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("keeps the letter of a handler that takes longer than its lease", async () => {
    const { queue, id, more, time } = await setUp({ replayLeaseMs: 3_000 });
    const { task, open, state } = gate();
    const first = queue.replay(id, (_, { signal }) => task(signal));
    await until(() => state.begun);
    for (let i = 0; i < 10; i++) {
      await time.advance(1_000);
      await until(() => time.pending === 1);
    }
    await expect(more().replay(id, () => 1)).rejects.toMatchObject({ code: "dead_letter_held" });
    open();
    expect((await first).ok).toBe(true);
    await settled();
    expect(time.pending).toBe(0);
  });

  it("gives the letter of one that vanished to the next, counts it, and tells the late one that it was lost", async () => {
    const { queue, id, store, more, time } = await setUp({ replayLeaseMs: 3_000 });
    // As that of a process that hangs.
    const hanging = more({
      store: { deadLetters: storeWith(store, { renew: () => new Promise(() => {}) }) },
    });
    const { task, fail, state } = gate();
    const first = hanging.replay(id, (_, { signal }) => task(signal));
    await until(() => state.begun);
    await time.advance(3_001);
    const contexts: ReplayContext[] = [];
    expect((await queue.replay(id, (_, own) => void contexts.push(own))).ok).toBe(true);
    expect(contexts[0]).toMatchObject({ attempt: 5, idempotencyKey: `dead-letter:dead-letters:${id}` });
    fail(new Error("late"));
    expect((await first).ok).toBe(false);
    expect(await queue.get(id)).toMatchObject({ resolved: true, attempts: 4, replays: 2 });
  });

  it("aborts the signal of a handler whose letter another one has taken", async () => {
    const { queue, id, store, more, time } = await setUp({ replayLeaseMs: 3_000 });
    let isAsleep = true;
    const sleepy = more({
      store: {
        deadLetters: storeWith(store, {
          renew: (...args) => (isAsleep ? Promise.reject(new Error("asleep")) : store.renew(...args)),
        }),
      },
    });
    const { promise, resolve } = Promise.withResolvers<unknown>();
    let begun = false;
    const first = sleepy.replay(id, (_, { signal }) => {
      begun = true;
      signal.addEventListener("abort", () => resolve(signal.reason));
      return promise.then((reason) => Promise.reject(reason));
    });
    await until(() => begun);
    for (let i = 0; i < 4; i++) await time.advance(1_000);
    await queue.replay(id, () => "other");
    isAsleep = false;
    await time.advance(1_000);
    expect(await first).toMatchObject({ ok: false, error: { code: "dead_letter_held" } });
  });

  it("cannot loop: a letter that was replayed maxReplays times is not given out", async () => {
    const { queue, id, more } = await setUp({ maxReplays: 2 });
    for (let i = 0; i < 2; i++) await queue.replay(id, () => Promise.reject(new Error("poison")));
    await expect(queue.replay(id, () => 1)).rejects.toMatchObject({
      code: "dead_letter_exhausted",
      replays: 2,
      maxReplays: 2,
    });
    expect((await more({ maxReplays: 3 }).replay(id, () => 1)).ok).toBe(true);
  });

  it("replays what modify makes of the payload, and keeps the stored one", async () => {
    const { queue, id } = await setUp();
    const seen: unknown[] = [];
    const modify = (payload: unknown) => ({ ...(payload as object), limit: 5 });
    await queue.replay(id, (payload) => void seen.push(payload), { modify });
    expect(seen).toEqual([{ question: "otters", limit: 5 }]);
    expect((await queue.get(id))?.payload).toEqual(TASK.payload);
  });

  it("gives the letter back uncounted where modify throws or makes no JSON", async () => {
    const { queue, id } = await setUp();
    const error = new Error("no such field");
    const modify = () => {
      throw error;
    };
    await expect(queue.replay(id, () => 1, { modify })).rejects.toBe(error);
    await expect(queue.replay(id, () => 1, { modify: () => ({ at: new Map() }) })).rejects.toThrow(
      "deadLetterQueue: modified payload.at must be plain JSON, got a Map",
    );
    expect(await queue.get(id)).toMatchObject({ attempts: 3, replays: 0 });
    expect((await queue.replay(id, () => 1)).ok).toBe(true);
  });

  it("gives the letter back uncounted when the caller gives up, once the handler has ended", async () => {
    const { queue, id } = await setUp();
    const caller = new AbortController();
    const reason = new Error("enough");
    let begun = false;
    const replay = queue.replay(
      id,
      (_, { signal }) =>
        new Promise((_, reject) => {
          begun = true;
          signal.addEventListener("abort", () => reject(new Error("stopped")));
        }),
      { signal: caller.signal },
    );
    await until(() => begun);
    caller.abort(reason);
    await expect(replay).rejects.toBe(reason);
    expect(await queue.get(id)).toMatchObject({ attempts: 3, replays: 0, error: { message: "timed out" } });
    await expect(queue.replay(id, () => 1, { signal: caller.signal })).rejects.toBe(reason);
  });

  it("says so where the store cannot keep what the replay came to, so that the next has the same key", async () => {
    const { queue, id, store, more, time } = await setUp();
    const broken = more({
      store: { deadLetters: storeWith(store, { settle: () => Promise.reject(new Error("disk full")) }) },
    });
    const keys: string[] = [];
    const handler = (_: unknown, { idempotencyKey }: ReplayContext) => void keys.push(idempotencyKey);
    await expect(broken.replay(id, handler)).rejects.toMatchObject({ code: "store_unusable" });
    await time.advance(300_001);
    await queue.replay(id, handler);
    expect(new Set(keys).size).toBe(1);
    expect(keys).toHaveLength(2);
  });
});

describe("replaying all dead letters", () => {
  const setUp = async (many: number, options = {}) => {
    const parts = queueWith(options);
    const ids: string[] = [];
    for (let i = 0; i < many; i++) {
      const taskType = i % 2 === 0 ? "search" : "write";
      ids.push((await parts.queue.add({ ...TASK, taskType, payload: i })).id);
      await parts.time.advance(1_000);
    }
    return { ...parts, ids };
  };

  it("goes through them one after the other, that first which was not tried for longest", async () => {
    const { queue, ids } = await setUp(5);
    let running = 0;
    const seen: unknown[] = [];
    const report = await queue.replayAll({
      handler: async (payload) => {
        expect(++running).toBe(1);
        seen.push(payload);
        await Promise.resolve();
        running -= 1;
        if (payload === 2) throw new Error("still");
      },
    });
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    expect(report).toMatchObject({ succeeded: 4, failed: 1, skipped: 0, aborted: false });
    expect(report.letters[2]).toMatchObject({ id: ids[2], outcome: "failed", error: { message: "still" } });
    expect(await queue.list()).toMatchObject([{ id: ids[2], attempts: 4 }]);
  });

  it("takes one task type, and so many", async () => {
    const { queue } = await setUp(6);
    const seen: unknown[] = [];
    await queue.replayAll({ taskType: "write", limit: 2, handler: (payload) => void seen.push(payload) });
    expect(seen).toEqual([1, 3]);
  });

  it("only says which it would be in a dry run", async () => {
    const { queue, ids } = await setUp(3);
    const report = await queue.replayAll({
      dryRun: true,
      handler: () => {
        throw new Error("not to be called");
      },
    });
    expect(report.letters.map(({ id, outcome }) => [id, outcome])).toEqual(
      ids.map((id) => [id, "would_replay"]),
    );
    expect((await queue.summary()).unresolved).toBe(3);
  });

  it("leaves out those that others have, and those that are exhausted", async () => {
    const { queue, ids, store } = await setUp(3, { maxReplays: 1 });
    await queue.replay(ids[0]!, () => Promise.reject(new Error("poison")));
    const seen: unknown[] = [];
    const report = await queue.replayAll({
      handler: async (payload) => {
        seen.push(payload);
        await store.claim({ queue: "dead-letters", id: ids[2]!, claim: "x", leaseMs: 60_000, maxReplays: 9 });
      },
    });
    expect(seen).toEqual([1]);
    expect(report).toMatchObject({ succeeded: 1, skipped: 1 });
  });

  it("begins no more than so many in a second", async () => {
    const { queue, time } = await setUp(3);
    const startMs = time.clock.monotonic();
    const atMs: number[] = [];
    const all = queue.replayAll({
      ratePerSecond: 2,
      handler: () => void atMs.push(time.clock.monotonic() - startMs),
    });
    for (let i = 0; i < 40; i++) await time.advance(100);
    await all;
    expect(atMs).toHaveLength(3);
    expect(atMs[1]! - atMs[0]!).toBeGreaterThanOrEqual(500);
    expect(atMs[2]! - atMs[1]!).toBeGreaterThanOrEqual(500);
    await expect(queue.replayAll({ ratePerSecond: 0, handler: () => 1 })).rejects.toThrow("ratePerSecond");
  });

  it("stops when the caller gives up, and tells what was done", async () => {
    const { queue } = await setUp(4);
    const caller = new AbortController();
    const report = await queue.replayAll({
      signal: caller.signal,
      handler: (payload) => {
        if (payload === 1) caller.abort(new Error("enough"));
      },
    });
    expect(report).toMatchObject({ succeeded: 2, aborted: true });
    expect((await queue.summary()).unresolved).toBe(2);
  });
});
