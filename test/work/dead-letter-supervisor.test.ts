import { describe, expect, it } from "vitest";
import { supervisor } from "../../src/work/supervisor.ts";
import { queueWith } from "./letters/letter-fixture.ts";
import { ManualTime, settled } from "./manual-time.ts";

const setUp = (options = {}) => {
  const parts = queueWith(options);
  const time = new ManualTime();
  const { clock, after } = time;
  const all = supervisor({ name: "crew", deadLetters: parts.queue, clock, after, metrics: parts.metrics });
  all.register(
    "ann",
    async (payload) => {
      if (payload === "hang") return new Promise(() => {});
      if ((payload as { bad?: boolean } | undefined)?.bad) throw new RangeError("no such page");
      return "done";
    },
    { taskTypes: ["search"], maxConcurrent: 1 },
  );
  return { ...parts, all, time };
};

describe("tasks that a supervisor gives up", () => {
  it("become dead letters with their type, payload, worker and error, and their submitter gets that error", async () => {
    const { all, queue } = setUp();
    all.submit({ taskId: "t1", taskType: "search", payload: { bad: true } });
    all.submit({ taskId: "t2", taskType: "search", payload: { bad: false } });
    await expect(all.result("t1")).rejects.toThrow(RangeError);
    await all.close();
    expect(await queue.list()).toMatchObject([
      {
        taskType: "search",
        payload: { bad: true },
        agent: "ann",
        context: { supervisor: "crew", taskId: "t1", worker: "ann" },
        attempts: 1,
        reason: "max_attempts",
        error: { type: "RangeError", message: "no such page" },
      },
    ]);
  });

  it("become dead letters when their time is over", async () => {
    const { all, queue, time } = setUp();
    all.submit({ taskId: "t1", taskType: "search", payload: "hang", timeoutMs: 1_000 });
    await settled();
    await time.advance(1_000);
    await expect(all.result("t1")).rejects.toMatchObject({ code: "timeout" });
    await all.drain();
    expect(await queue.list()).toMatchObject([
      { reason: "timeout", attempts: 1, error: { type: "timeout" } },
    ]);
  });

  it("become dead letters when it is closed before they were started", async () => {
    const { all, queue } = setUp();
    all.submit({ taskId: "t1", taskType: "search", payload: { bad: false } });
    all.submit({ taskId: "t2", taskType: "search", payload: { waits: 1 } });
    const closed = all.close();
    await expect(all.result("t2")).rejects.toMatchObject({ code: "queue_closed" });
    await closed;
    const letters = await queue.list();
    expect(letters.find(({ context }) => context["taskId"] === "t2")).toMatchObject({
      reason: "closed",
      attempts: 0,
      agent: undefined,
      payload: { waits: 1 },
    });
  });

  it("are nobody's letters where their submitter gave up", async () => {
    const { all, queue } = setUp();
    const caller = new AbortController();
    all.submit({ taskId: "t1", taskType: "search", payload: "hang", signal: caller.signal });
    await settled();
    caller.abort(new Error("never mind"));
    await expect(all.result("t1")).rejects.toThrow("never mind");
    await all.drain();
    expect((await queue.summary()).total).toBe(0);
  });

  it("are counted where their payload is no plain JSON, and their submitter gets their own error all the same", async () => {
    const { all, queue, metrics } = setUp();
    all.submit({ taskId: "t1", taskType: "search", payload: { bad: true, at: new Date() } });
    await expect(all.result("t1")).rejects.toThrow("no such page");
    await all.close();
    expect((await queue.summary()).total).toBe(0);
    expect(
      metrics.collect().find(({ name }) => name === "agents.dead_letters.refused")?.points,
    ).toMatchObject([{ attributes: { "error.type": "TypeError" }, value: 1 }]);
  });

  it("need a dead letter queue to go to", () => {
    expect(() => supervisor({ deadLetters: {} as never })).toThrow("supervisor: deadLetters must be");
  });

  it("have null for a payload that is left out", async () => {
    const { all, queue, time } = setUp();
    all.register("bob", () => Promise.reject(new Error("no")), { taskTypes: ["tick"] });
    all.submit({ taskId: "t1", taskType: "tick", payload: undefined });
    await time.advance(0);
    await all.close();
    expect(await queue.list()).toMatchObject([{ taskType: "tick", payload: null }]);
  });
});
