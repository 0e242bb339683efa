import { describe, expect, it } from "vitest";
import { agent, isAgentError } from "../../src/index.ts";
import { deadLetterQueue } from "../../src/work/dead-letter-queue.ts";
import { HOUR_MS, queueWith, storeWith, TASK } from "./letters/letter-fixture.ts";

const noStore = async (): Promise<never> => {
  throw new Error("connect ECONNREFUSED, password=hunter2hunter2");
};

describe("adding to a dead letter queue", () => {
  it("keeps a task with its error, and gives the letter", async () => {
    const { queue, clock } = queueWith();
    const letter = await queue.add({
      ...TASK,
      agent: "researcher",
      context: { step: 4 },
      firstAttemptAt: clock.now() - 5_000,
      reason: "timeout",
    });
    const now = new Date(clock.now());
    expect(letter).toEqual({
      id: expect.stringMatching(/^dl-[0-9a-f]{20}$/),
      queue: "dead-letters",
      taskType: "search",
      reason: "timeout",
      agent: "researcher",
      payload: { question: "otters" },
      context: { step: 4 },
      error: { type: "Error", message: "timed out", at: now },
      history: [],
      attempts: 3,
      replays: 0,
      trace: undefined,
      firstAttemptAt: new Date(clock.now() - 5_000),
      lastAttemptAt: now,
      enteredAt: now,
      resolved: false,
      resolution: undefined,
      resolvedAt: undefined,
    });
    expect(await queue.get(letter.id)).toEqual(letter);
  });

  it("knows the agent at work", async () => {
    const { queue } = queueWith();
    const letter = await agent("planner", async () => queue.add(TASK))();
    expect(letter.agent).toBe("planner");
  });

  it("keeps of an error its type and its message without secrets, and nothing else", async () => {
    const { queue } = queueWith();
    class UpstreamError extends Error {}
    const error = new UpstreamError("refused: api_key=sk-proj-abcdefghijklmnopqrstuvwxyz0123456789");
    const { id } = await queue.add({
      ...TASK,
      error: Object.assign(error, { headers: { cookie: "c00kie" } }),
    });
    const text = JSON.stringify(await queue.get(id));
    expect(text).toContain('"type":"UpstreamError"');
    expect(text).not.toMatch(/sk-proj|c00kie|at .*\.ts/);
  });

  it.each([undefined, null, "a text", 7, {}, Object.create(null)])(
    "takes anything that was thrown (%#)",
    async (error) => {
      const { queue } = queueWith();
      expect((await queue.add({ ...TASK, error })).error.type).toMatch(/^\w+$/);
    },
  );

  it("adds one letter for one key, however often, and tells of it once", async () => {
    const told: string[] = [];
    const { queue } = queueWith({ onLetter: ({ id }) => told.push(id) });
    const first = await queue.add({ ...TASK, key: "message 7" });
    const again = await queue.add({ ...TASK, key: "message 7", payload: "other" });
    expect(again).toEqual(first);
    expect(first.id).toMatch(/^dl-[0-9a-f]{40}$/);
    expect(told).toEqual([first.id]);
    expect(await queue.summary()).toMatchObject({ total: 1 });
  });

  it("calls onLetter once the letter is kept, and is not hurt by what it throws", async () => {
    const seen: unknown[] = [];
    const { more } = queueWith();
    const reader = more();
    for (const fail of [
      () => {
        throw new Error("no");
      },
      async () => {
        throw new Error("no");
      },
    ]) {
      const queue = more({
        onLetter: async ({ id }) => {
          seen.push(await reader.get(id));
          return fail();
        },
      });
      await queue.add(TASK);
    }
    await new Promise(setImmediate);
    expect(seen).toMatchObject([{ taskType: "search" }, { taskType: "search" }]);
  });

  it.each([
    [
      { payload: { user: { since: new Date(0) } } },
      "deadLetterQueue: payload.user.since must be plain JSON, got a Date",
    ],
    [{ payload: undefined }, "deadLetterQueue: payload must be plain JSON, got undefined"],
    [{ payload: [1, [2n]] }, "deadLetterQueue: payload[1][0] must be plain JSON, got 2 (bigint)"],
    [{ payload: "x".repeat(2 ** 20) }, "deadLetterQueue: payload must have at most 1048576 bytes"],
    [{ context: { a: () => 1 } }, "deadLetterQueue: context.a must be plain JSON, got a function"],
    [{ context: [] }, "deadLetterQueue: context must be a plain object"],
    [{ context: JSON.parse('{"__proto__":1}') }, "__proto__"],
    [{ taskType: "" }, "deadLetterQueue: taskType: name must not be empty"],
    [{ taskType: "a\0b" }, "deadLetterQueue: taskType"],
    [{ reason: "\ud800" }, "deadLetterQueue: reason"],
    [{ attempts: 1.5 }, "deadLetterQueue: attempts must be a whole number"],
    [{ attempts: -1 }, "deadLetterQueue: attempts must be a whole number"],
    [{ key: "a\0" }, "deadLetterQueue: key must not hold a NUL"],
    [{ firstAttemptAt: new Date("never") }, "deadLetterQueue: firstAttemptAt must be a Date"],
    [{ agent: 7 }, "deadLetterQueue: agent must be a name"],
  ])("refuses it before anything is written (%#)", async (bad, message) => {
    const { queue, metrics } = queueWith();
    await expect(queue.add({ ...TASK, ...bad } as never)).rejects.toThrow(message);
    expect((await queue.summary()).total).toBe(0);
    expect(
      metrics.collect().find(({ name }) => name === "agents.dead_letters.refused")?.points,
    ).toMatchObject([{ attributes: { "error.type": expect.stringMatching(/TypeError|RangeError/) } }]);
  });

  it("takes no more than maxLetters unresolved ones, and says so", async () => {
    const { queue } = queueWith({ maxLetters: 2 });
    const { id } = await queue.add(TASK);
    await queue.add(TASK);
    await expect(queue.add(TASK)).rejects.toMatchObject({ code: "dead_letters_full", maxLetters: 2 });
    await queue.resolve(id, "not needed");
    await expect(queue.add(TASK)).resolves.toBeDefined();
  });

  it("says that the store has failed, without what the store has said in secret, so that the task is still the caller's", async () => {
    const { store, more } = queueWith();
    const queue = more({
      store: { name: "db", deadLetters: storeWith(store, { add: noStore, get: noStore, list: noStore }) },
    });
    const error = await queue.add(TASK).catch((thrown: unknown) => thrown);
    expect(isAgentError(error) && error.code).toBe("store_unusable");
    expect(String(error)).toContain("ECONNREFUSED");
    expect(String(error) + JSON.stringify(error)).not.toMatch(/hunter2|otters/);
    await expect(queue.get("dl-1")).rejects.toMatchObject({ code: "store_unusable" });
    await expect(queue.list()).rejects.toMatchObject({ code: "store_unusable" });
  });

  it.each([
    [{ store: {} }, "store must be one that has dead letters"],
    [{ name: "" }, "deadLetterQueue: name must not be empty"],
    [{ maxAgeHours: -1 }, "deadLetterQueue: maxAgeHours"],
    [{ maxLetters: 0 }, "deadLetterQueue: maxLetters"],
    [{ maxReplays: 0 }, "deadLetterQueue: maxReplays"],
    [{ replayLeaseMs: 10 }, "deadLetterQueue: replayLeaseMs"],
    [{ onLetter: 7 }, "deadLetterQueue: onLetter"],
  ])("refuses bad options when the queue is made (%#)", (bad, message) => {
    const { store } = queueWith();
    expect(() => deadLetterQueue({ store: { deadLetters: store }, ...bad } as never)).toThrow(message);
  });
});

describe("looking into a dead letter queue", () => {
  it("lists unresolved letters, the last attempt first, by task type and with a limit", async () => {
    const { queue, time } = queueWith();
    for (const taskType of ["search", "write", "search"]) {
      await queue.add({ ...TASK, taskType });
      await time.advance(1_000);
    }
    const types = async (options: object) => (await queue.list(options)).map(({ taskType }) => taskType);
    expect(await types({})).toEqual(["search", "write", "search"]);
    expect(await types({ taskType: "search" })).toHaveLength(2);
    expect(await types({ limit: 1 })).toEqual(["search"]);
    await queue.resolve((await queue.list({ taskType: "write" }))[0]!.id, "done by hand");
    expect(await types({})).toEqual(["search", "search"]);
    expect(await queue.list({ resolved: true })).toMatchObject([
      { taskType: "write", resolved: true, resolution: "done by hand" },
    ]);
    await expect(queue.list({ limit: 0 })).rejects.toThrow("limit");
  });

  it("sums up what is unresolved: by task type, by error, and how old the oldest is", async () => {
    const { queue, time, clock } = queueWith();
    await queue.add({ ...TASK, firstAttemptAt: clock.now() - 3 * HOUR_MS });
    await queue.add({ ...TASK, taskType: "synthesize", error: new TypeError("no") });
    const { id } = await queue.add({ ...TASK, taskType: "synthesize" });
    await queue.resolve(id, "done");
    await time.advance(HOUR_MS / 4);
    expect(await queue.summary()).toEqual({
      total: 3,
      unresolved: 2,
      resolved: 1,
      byTaskType: { search: 1, synthesize: 1 },
      byErrorType: { Error: 1, TypeError: 1 },
      oldestUnresolvedHours: 3.3,
    });
  });

  it("gives undefined for an id that is not there, whatever it looks like, and a TypeError for what is no id", async () => {
    const { queue } = queueWith({}, "files");
    for (const id of ["..", "../../etc/passwd", "__proto__", "con", "%2e%2e", "🦦".repeat(500), "a/b"])
      expect(await queue.get(id)).toBeUndefined();
    for (const id of ["", "a\0b", "x".repeat(4_097), "\ud800", 7 as never])
      await expect(queue.get(id)).rejects.toThrow(TypeError);
  });

  it("resolves by hand once, and keeps what was said first", async () => {
    const { queue } = queueWith();
    const { id } = await queue.add(TASK);
    expect(await queue.resolve(id, "sent by hand\0")).toBe(true);
    expect(await queue.resolve(id, "again")).toBe(false);
    expect((await queue.get(id))?.resolution).toBe("sent by hand\ufffd");
    await expect(queue.resolve("dl-nothing", "x")).rejects.toMatchObject({ code: "unknown_dead_letter" });
    await expect(queue.resolve(id, " ")).rejects.toThrow("resolution");
  });

  it("purges letters that were resolved longer ago than maxAgeHours, however old others are", async () => {
    const { queue, time } = queueWith({ maxAgeHours: 72 });
    const old = await queue.add(TASK);
    const open = await queue.add(TASK);
    await time.advance(100 * HOUR_MS);
    await queue.resolve(old.id, "done");
    await time.advance(71 * HOUR_MS);
    expect(await queue.purge()).toBe(0);
    await time.advance(HOUR_MS);
    expect(await queue.purge()).toBe(1);
    expect(await queue.get(old.id)).toBeUndefined();
    expect((await queue.list()).map(({ id }) => id)).toEqual([open.id]);
  });

  it("leaves Object.prototype as it is, whatever task types are called", async () => {
    const { queue } = queueWith();
    await queue.add({ ...TASK, taskType: "__proto__" });
    const { byTaskType } = await queue.summary();
    expect(Object.keys(byTaskType)).toEqual(["__proto__"]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
