import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, it } from "vitest";
import { type SupervisorOptions, supervisor } from "../../src/work/supervisor.ts";
import { NaiveSupervisor } from "../naive/queue-supervisor.ts";
import { gate, ManualTime, settled } from "./manual-time.ts";

const boom = new Error("boom");

function setUp(options: SupervisorOptions = {}) {
  const time = new ManualTime();
  const { clock, after } = time;
  const tasks = supervisor({ clock, after, random: () => 0.5, ...options });
  let ids = 0;
  /** Hands in a task of type "work", and gives its id where it was taken. */
  const hand = (payload: unknown = undefined, more: object = {}): string | undefined => {
    const taskId = `task ${++ids}`;
    return tasks.submit({ taskId, taskType: "work", payload, ...more }) ? taskId : undefined;
  };
  const outcome = async (payload: unknown = undefined): Promise<unknown> => {
    const taskId = hand(payload);
    return taskId === undefined ? "refused" : await tasks.result(taskId).catch((error: unknown) => error);
  };
  return { tasks, time, hand, outcome };
}

/** A worker that fails or works as it is told. */
function moody() {
  const mood = { fails: true, calls: 0 };
  const handler = async (): Promise<string> => {
    mood.calls += 1;
    if (mood.fails) throw boom;
    return "done";
  };
  return { mood, handler };
}

/** A worker whose tasks all wait for one gate each. */
function gated() {
  const gates: ReturnType<typeof gate<string>>[] = [];
  const handler = (_: unknown, signal: AbortSignal): Promise<string> => {
    const next = gate<string>();
    gates.push(next);
    return next.task(signal);
  };
  return { gates, handler };
}

describe("a supervisor", () => {
  it("gives a task to a worker of its type, and its result to whoever asks, before and after", async () => {
    const { tasks } = setUp();
    tasks.register("researcher", async (topic: string) => `found ${topic}`, { taskTypes: ["research"] });
    tasks.register("writer", async (text: string) => `wrote ${text}`, { taskTypes: ["write"] });
    expect(tasks.submit({ taskId: "1", taskType: "write", payload: "a" })).toBe(true);
    expect(tasks.submit({ taskId: "2", taskType: "research", payload: "b" })).toBe(true);
    expect(await tasks.result("1")).toBe("wrote a");
    expect([await tasks.result("1"), await tasks.result("2")]).toEqual(["wrote a", "found b"]);
  });

  it("rejects a result with what the handler threw, the same object", async () => {
    const { tasks, outcome } = setUp();
    tasks.register("a", moody().handler, { taskTypes: ["work"] });
    expect(await outcome()).toBe(boom);
  });

  it("gives each task to the least loaded worker", async () => {
    const { tasks, hand } = setUp();
    const [big, small] = [gated(), gated()];
    tasks.register("big", big.handler, { taskTypes: ["work"], maxConcurrent: 4 });
    tasks.register("small", small.handler, { taskTypes: ["work"], maxConcurrent: 2 });
    for (let i = 0; i < 3; i++) hand();
    await settled();
    expect([big.gates.length, small.gates.length]).toEqual([2, 1]);
    hand();
    await settled();
    // Both were half full, or as near to it as 4 and 2 allow.
    expect([big.gates.length, small.gates.length]).toEqual([3, 1]);
  });

  it("runs no more tasks at a worker than that may run, also one of several types", async () => {
    const { tasks } = setUp();
    const { gates, handler } = gated();
    tasks.register("a", handler, { taskTypes: ["x", "y"], maxConcurrent: 2 });
    for (const [i, taskType] of ["x", "y", "x", "y"].entries())
      tasks.submit({ taskId: String(i), taskType, payload: 0 });
    await settled();
    expect(gates.length).toBe(2);
    gates[0]?.open("");
    await settled();
    expect(gates.length).toBe(3);
  });

  it("runs three tasks at a worker where nobody says otherwise", async () => {
    const { tasks, hand } = setUp();
    const { gates, handler } = gated();
    tasks.register("a", handler, { taskTypes: ["work"] });
    for (let i = 0; i < 5; i++) hand();
    await settled();
    expect(gates.length).toBe(3);
  });

  it("starts the most important of those that wait first, of whatever type", async () => {
    const { tasks } = setUp();
    const order: string[] = [];
    tasks.register("a", async (name: string) => void order.push(name), {
      taskTypes: ["x", "y"],
      maxConcurrent: 1,
    });
    for (const [taskType, priority] of [
      ["x", 9],
      ["y", 5],
      ["x", 1],
      ["y", 1],
    ] as const)
      tasks.submit({
        taskId: `${taskType}${priority}`,
        taskType,
        payload: `${taskType}${priority}`,
        priority,
      });
    await tasks.drain();
    expect(order).toEqual(["x1", "y1", "y5", "x9"]);
  });

  it("does not let a task hold up others that another worker has time for", async () => {
    const { tasks } = setUp({ backpressureThreshold: 1 });
    const { handler } = gated();
    tasks.register("slow", handler, { taskTypes: ["slow"], maxConcurrent: 1 });
    tasks.register("quick", async () => "quick", { taskTypes: ["quick"] });
    for (const taskId of ["1", "2", "3"]) tasks.submit({ taskId, taskType: "slow", payload: 0, priority: 1 });
    tasks.submit({ taskId: "4", taskType: "quick", payload: 0, priority: 10 });
    expect(await tasks.result("4")).toBe("quick");
  });

  it("runs a handler in the async context of whoever submitted the task", async () => {
    const context = new AsyncLocalStorage<string>();
    const { tasks, hand } = setUp();
    tasks.register("a", async () => context.getStore(), { taskTypes: ["work"], maxConcurrent: 1 });
    const ids = ["x", "y"].map((name) => context.run(name, () => hand()));
    expect(await Promise.all(ids.map((id) => tasks.result(id!)))).toEqual(["x", "y"]);
  });

  it("takes workers that are registered while tasks wait", async () => {
    const { tasks, hand } = setUp();
    const { handler } = gated();
    tasks.register("a", handler, { taskTypes: ["work"], maxConcurrent: 1 });
    const ids = [hand(), hand()];
    await settled();
    tasks.register("b", async () => "b", { taskTypes: ["work"] });
    expect(await tasks.result(ids[1]!)).toBe("b");
  });
});

describe("back-pressure", () => {
  it("refuses a task when the load has reached the threshold and no worker of its type has time", async () => {
    const { tasks, hand } = setUp();
    const { gates, handler } = gated();
    tasks.register("a", handler, { taskTypes: ["work"], maxConcurrent: 5 });
    for (let i = 0; i < 5; i++) expect(hand()).toBeDefined();
    await settled();
    expect([tasks.systemLoad(), hand()]).toEqual([1, undefined]);

    gates[0]?.open("");
    await settled();
    // At the threshold, but somebody has time.
    expect(tasks.systemLoad()).toBe(0.8);
    expect(hand()).toBeDefined();
  });

  it("lets a task wait below the threshold although no worker of its type has time", async () => {
    const { tasks, hand } = setUp();
    tasks.register("a", gated().handler, { taskTypes: ["work"], maxConcurrent: 1 });
    tasks.register("b", gated().handler, { taskTypes: ["other"], maxConcurrent: 9 });
    hand();
    await settled();
    expect(hand()).toBeDefined();
    await settled();
    expect([tasks.systemLoad(), tasks.dashboard().queueSize]).toEqual([0.1, 1]);
  });

  it("refuses a task when the queue is full: a burst in one turn has as many places as that", () => {
    const { tasks, hand } = setUp({ maxQueue: 4 });
    tasks.register("a", gated().handler, { taskTypes: ["work"], maxConcurrent: 100 });
    expect(Array.from({ length: 6 }, () => hand() !== undefined)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it("keeps nothing of a task that it refused", async () => {
    const { tasks } = setUp({ maxQueue: 1 });
    tasks.register("a", async () => "done", { taskTypes: ["work"] });
    const task = { taskId: "same", taskType: "work", payload: 0 };
    tasks.submit({ ...task, taskId: "first" });
    expect(tasks.submit(task)).toBe(false);
    await expect(tasks.result("same")).rejects.toMatchObject({ code: "unknown_task" });
    await settled();
    expect(tasks.submit(task)).toBe(true);
    expect(await tasks.result("same")).toBe("done");
  });

  it("is full where there are no workers, and where all have failed", async () => {
    const { tasks, hand, outcome } = setUp();
    expect(tasks.systemLoad()).toBe(1);
    tasks.register("a", moody().handler, { taskTypes: ["work"], maxConcurrent: 1 });
    expect(tasks.systemLoad()).toBe(0);
    for (let i = 0; i < 6; i++) await outcome();
    expect([tasks.systemLoad(), hand()]).toEqual([1, undefined]);
  });
});

describe("the state of a worker", () => {
  const stateOf = (tasks: ReturnType<typeof setUp>["tasks"]) => tasks.dashboard().workers["a"]?.state;

  it("is idle, busy, and overloaded above a load of 0.8, and goes back the same way", async () => {
    const { tasks, hand } = setUp();
    const { gates, handler } = gated();
    tasks.register("a", handler, { taskTypes: ["work"], maxConcurrent: 5 });
    const seen = [stateOf(tasks)];
    for (let i = 0; i < 5; i++) {
      hand();
      await settled();
      seen.push(stateOf(tasks));
    }
    for (const each of gates) {
      each.open("");
      await settled();
      seen.push(stateOf(tasks));
    }
    const busy = Array.from({ length: 4 }, () => "busy");
    expect(seen).toEqual(["idle", ...busy, "overloaded", ...busy, "idle"]);
  });

  it("is failed above half of the tasks failed, after more than five", async () => {
    const { tasks, outcome } = setUp();
    const { mood, handler } = moody();
    tasks.register("a", handler, { taskTypes: ["work"], maxConcurrent: 1 });
    for (let i = 0; i < 5; i++) await outcome();
    expect(stateOf(tasks)).toBe("idle");
    await outcome();
    expect(stateOf(tasks)).toBe("failed");
    expect(mood.calls).toBe(6);
  });

  it("is not failed where half of the tasks failed and no more", async () => {
    const { tasks, outcome } = setUp();
    const { mood, handler } = moody();
    tasks.register("a", handler, { taskTypes: ["work"], maxConcurrent: 1 });
    for (let i = 0; i < 40; i++) {
      mood.fails = i % 2 === 1;
      await outcome();
    }
    expect(stateOf(tasks)).toBe("idle");
  });

  it("is judged by its last tasks, not by all that it ever did", async () => {
    const { tasks, outcome } = setUp({ window: 10 });
    const { mood, handler } = moody();
    tasks.register("a", handler, { taskTypes: ["work"], maxConcurrent: 1 });
    mood.fails = false;
    for (let i = 0; i < 100; i++) await outcome();
    mood.fails = true;
    for (let i = 0; i < 6; i++) await outcome();
    expect(stateOf(tasks)).toBe("failed");
  });
});

describe("a failed worker", () => {
  async function setUpFailed(options: SupervisorOptions = {}) {
    const all = setUp({ recoveryTimeoutMs: 1_000, ...options });
    const { mood, handler } = moody();
    all.tasks.register("a", handler, { taskTypes: ["work"] });
    for (let i = 0; i < 6; i++) await all.outcome();
    mood.calls = 0;
    return { ...all, mood };
  }

  it("is given no tasks while others have time", async () => {
    const { tasks, outcome, mood } = await setUpFailed();
    tasks.register("b", async () => "b", { taskTypes: ["work"] });
    for (let i = 0; i < 10; i++) expect(await outcome()).toBe("b");
    expect(mood.calls).toBe(0);
  });

  it("is tried with one task later, and works again when that succeeds", async () => {
    const { tasks, outcome, mood, time } = await setUpFailed();
    mood.fails = false;
    await time.advance(1_000);
    expect(await outcome()).toBe("done");
    expect(tasks.dashboard().workers["a"]).toMatchObject({ state: "idle", completed: 1, errors: 6 });
    // Nothing is left of what it had done wrong.
    mood.fails = true;
    for (let i = 0; i < 5; i++) await outcome();
    expect(tasks.dashboard().workers["a"]?.state).toBe("idle");
  });

  it("is given one task only while it is tried", async () => {
    const { tasks, hand, mood, time } = await setUpFailed();
    const { gates, handler } = gated();
    tasks.register("b", handler, { taskTypes: ["work"], maxConcurrent: 2 });
    mood.fails = true;
    await time.advance(1_000);
    for (let i = 0; i < 3; i++) hand();
    await settled();
    expect([mood.calls, gates.length]).toEqual([1, 2]);
  });

  it("is tried although others have time, or it would never be under little load", async () => {
    const { tasks, hand, outcome, time } = setUp({ recoveryTimeoutMs: 1_000 });
    const [first, second] = [gated(), moody()];
    tasks.register("first", first.handler, { taskTypes: ["work"], maxConcurrent: 1 });
    tasks.register("second", second.handler, { taskTypes: ["work"] });
    hand();
    for (let i = 0; i < 6; i++) await outcome();
    first.gates[0]?.open("");
    await time.advance(1_000);
    second.mood.fails = false;
    expect(await outcome()).toBe("done");
    expect([first.gates.length, second.mood.calls]).toEqual([1, 7]);
  });

  it("is left alone for longer when the trial fails", async () => {
    const { outcome, mood, time } = await setUpFailed();
    await time.advance(1_000);
    expect(await outcome()).toBe(boom);
    await time.advance(1_999);
    expect(await outcome()).toBe("refused");
    await time.advance(1);
    mood.fails = false;
    expect(await outcome()).toBe("done");
  });

  it("wakes those who have waited for it, without anybody asking", async () => {
    const { tasks, time } = setUp({ recoveryTimeoutMs: 1_500 });
    const { mood, handler } = moody();
    tasks.register("a", handler, { taskTypes: ["work"], maxConcurrent: 1 });
    const ids = Array.from({ length: 8 }, (_, i) => `t${i}`);
    for (const taskId of ids) tasks.submit({ taskId, taskType: "work", payload: 0 });
    await settled();
    expect([mood.calls, tasks.dashboard().queueSize]).toEqual([6, 2]);
    mood.fails = false;
    await time.advance(1_499);
    expect(mood.calls).toBe(6);
    await time.advance(1);
    expect([await tasks.result("t6"), await tasks.result("t7")]).toEqual(["done", "done"]);
    // Only that for the results is left.
    expect(time.pending).toBe(1);
  });

  it("wakes one who came when it had failed already", async () => {
    const { tasks, hand, mood, time } = await setUpFailed();
    tasks.register("b", async () => {}, { taskTypes: ["other"] });
    const id = hand()!;
    mood.fails = false;
    await time.advance(1_000);
    expect(await tasks.result(id)).toBe("done");
  });

  it("counts what the submitter cancelled neither for nor against it", async () => {
    const { tasks, time } = setUp();
    const { handler } = gated();
    tasks.register("a", handler, { taskTypes: ["work"], maxConcurrent: 10 });
    for (let i = 0; i < 10; i++) {
      const caller = new AbortController();
      tasks.submit({ taskId: `t${i}`, taskType: "work", payload: 0, signal: caller.signal });
      await settled();
      caller.abort("enough");
      await expect(tasks.result(`t${i}`)).rejects.toBe("enough");
    }
    await time.advance(1);
    expect(tasks.dashboard().workers["a"]).toMatchObject({ state: "overloaded", completed: 0, errors: 0 });
  });

  it("is also one whose every task is refused at once, by its own breaker or with a 4xx answer", async () => {
    const { tasks, outcome } = setUp();
    tasks.register("a", () => Promise.reject(Object.assign(new Error("bad key"), { status: 401 })), {
      taskTypes: ["work"],
      maxConcurrent: 1,
    });
    for (let i = 0; i < 6; i++) await outcome();
    expect(tasks.dashboard().workers["a"]?.state).toBe("failed");
  });
});

describe("control: the supervisor as published", () => {
  it("never tries a failed worker again, and its loop turns for tasks that nobody can take", async () => {
    const naive = new NaiveSupervisor(() => settled());
    const { mood, handler } = moody();
    naive.register("a", handler, { taskTypes: ["work"], maxConcurrent: 1 });
    for (let i = 0; i < 8; i++) naive.submit({ taskId: `t${i}`, taskType: "work", payload: 0 });
    await naive.turn(100);
    mood.fails = false;
    await naive.turn(1_000);
    expect([naive.isFailed("a"), naive.results.has("t7")]).toEqual([true, false]);
    expect(naive.idleTurns).toBeGreaterThan(1_000);
  });

  it("does not notice when a worker that did well for long fails every task", async () => {
    const naive = new NaiveSupervisor(() => settled());
    const { mood, handler } = moody();
    naive.register("a", handler, { taskTypes: ["work"] });
    const run = async (i: number): Promise<void> => {
      naive.submit({ taskId: `t${i}`, taskType: "work", payload: 0 });
      await naive.turn(1);
      await settled();
    };
    mood.fails = false;
    for (let i = 0; i < 100; i++) await run(i);
    mood.fails = true;
    for (let i = 100; i < 190; i++) await run(i);
    expect(naive.isFailed("a")).toBe(false);
  });

  it("lets a task that nobody can take hold up those that others have time for", async () => {
    const naive = new NaiveSupervisor(() => settled());
    naive.register("slow", () => new Promise(() => {}), { taskTypes: ["slow"], maxConcurrent: 1 });
    naive.register("quick", async () => "quick", { taskTypes: ["quick"] });
    for (const [taskId, taskType] of [
      ["1", "slow"],
      ["2", "slow"],
      ["3", "quick"],
    ] as const)
      naive.submit({ taskId, taskType, payload: 0 });
    await naive.turn(50);
    expect(naive.results.has("3")).toBe(false);
  });
});

describe("the time of a task", () => {
  it("is a minute where nobody says otherwise", async () => {
    const { tasks, time, hand } = setUp();
    const { gates, handler } = gated();
    tasks.register("a", handler, { taskTypes: ["work"] });
    const id = hand()!;
    await time.advance(59_999);
    expect(gates[0]?.state.signal?.aborted).toBe(false);
    const rejected = expect(tasks.result(id)).rejects.toMatchObject({ code: "timeout", timeoutMs: 60_000 });
    await time.advance(1);
    await rejected;
    expect(gates[0]?.state.signal?.aborted).toBe(true);
    expect(tasks.dashboard().workers["a"]).toMatchObject({ errors: 1 });
  });

  it("may be its own, and counts from when it is started", async () => {
    const { tasks, time } = setUp();
    const { gates, handler } = gated();
    tasks.register("a", handler, { taskTypes: ["work"], maxConcurrent: 1 });
    for (const taskId of ["1", "2"]) tasks.submit({ taskId, taskType: "work", payload: 0, timeoutMs: 100 });
    await time.advance(90);
    gates[0]?.open("done");
    await time.advance(90);
    const rejected = expect(tasks.result("2")).rejects.toMatchObject({ code: "timeout", timeoutMs: 100 });
    await time.advance(10);
    await rejected;
  });

  it("being over leaves its place at the worker taken until it settles", async () => {
    const { tasks, time, hand } = setUp({ taskTimeoutMs: 100 });
    const { gates, handler } = gated();
    tasks.register("a", handler, { taskTypes: ["work"], maxConcurrent: 1 });
    const [first, second] = [hand()!, hand()!];
    const rejected = expect(tasks.result(first)).rejects.toMatchObject({ code: "timeout" });
    await time.advance(100);
    await rejected;
    expect([gates.length, tasks.dashboard().workers["a"]?.load]).toEqual([1, 100]);
    gates[0]?.open("too late");
    await settled();
    gates[1]?.open("done");
    expect(await tasks.result(second)).toBe("done");
  });
});

describe("results", () => {
  it("are kept for a time, also without anybody asking", async () => {
    const { tasks, time, hand } = setUp({ keepResultsMs: 1_000 });
    tasks.register("a", async () => "done", { taskTypes: ["work"] });
    const id = hand()!;
    await settled();
    await time.advance(999);
    expect(await tasks.result(id)).toBe("done");
    await time.advance(1);
    await expect(tasks.result(id)).rejects.toMatchObject({ code: "unknown_task", taskId: id });
    expect(time.pending).toBe(0);
  });

  it("are kept up to a number: the oldest go", async () => {
    const { tasks, hand } = setUp({ keepResults: 2 });
    tasks.register("a", async (n: number) => n, { taskTypes: ["work"], maxConcurrent: 1 });
    const ids = [0, 1, 2].map((n) => hand(n)!);
    await settled();
    await expect(tasks.result(ids[0]!)).rejects.toMatchObject({ code: "unknown_task" });
    expect([await tasks.result(ids[1]!), await tasks.result(ids[2]!)]).toEqual([1, 2]);
  });

  it("that nobody asks for are no unhandled rejections", async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    process.on("unhandledRejection", note);
    const { tasks, hand } = setUp();
    tasks.register("a", moody().handler, { taskTypes: ["work"] });
    for (let i = 0; i < 10; i++) hand();
    await settled();
    await tasks.close();
    await settled();
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });
});

describe("the dashboard", () => {
  it("says load, queue and each worker", async () => {
    const { tasks, time, hand } = setUp();
    const { gates, handler } = gated();
    tasks.register("a", handler, { taskTypes: ["work"] });
    tasks.register("b", async () => {}, { taskTypes: ["other"], maxConcurrent: 4 });
    hand();
    await time.advance(120);
    gates[0]?.open("");
    await settled();
    for (let i = 0; i < 4; i++) hand();
    await settled();
    gates[1]?.fail(boom);
    await settled();
    expect(tasks.dashboard()).toEqual({
      systemLoad: 42.9,
      queueSize: 0,
      workers: {
        a: { state: "overloaded", load: 100, completed: 1, errors: 1, avgMs: 120 },
        b: { state: "idle", load: 0, completed: 0, errors: 0, avgMs: 0 },
      },
    });
  });
});

describe("the end of a supervisor", () => {
  it("drain takes no more and finishes what it has", async () => {
    const { tasks, hand } = setUp();
    tasks.register("a", async (n: number) => n, { taskTypes: ["work"], maxConcurrent: 1 });
    const ids = [1, 2, 3].map((n) => hand(n)!);
    const drained = tasks.drain();
    expect(() => hand()).toThrow(expect.objectContaining({ code: "queue_closed" }));
    await drained;
    expect(await Promise.all(ids.map((id) => tasks.result(id)))).toEqual([1, 2, 3]);
  });

  it("close refuses those that wait, leaves results, and may be called twice", async () => {
    const { tasks, hand } = setUp();
    const { gates, handler } = gated();
    tasks.register("a", handler, { taskTypes: ["work"], maxConcurrent: 1 });
    const [first, second] = [hand()!, hand()!];
    await settled();
    const closed = tasks.close();
    await expect(tasks.result(second)).rejects.toMatchObject({ code: "queue_closed" });
    gates[0]?.open("done");
    await Promise.all([closed, tasks.close()]);
    expect(await tasks.result(first)).toBe("done");
  });
});

describe("bad input", () => {
  it.each([
    [{ name: " " }, "supervisor: name must not be empty"],
    [{ maxQueue: 0 }, "supervisor: maxQueue must be a whole number from 1 to 1000000, got 0"],
    [
      { backpressureThreshold: 80 },
      "supervisor: backpressureThreshold must be above 0 and at most 1, got 80",
    ],
    [
      { backpressureThreshold: Number.NaN },
      "supervisor: backpressureThreshold must be above 0 and at most 1, got NaN",
    ],
    [
      { taskTimeoutMs: 0.5 },
      "supervisor: taskTimeoutMs must be a whole number from 1 to 2147483647, got 0.5",
    ],
    [{ agingMs: -1 }, "supervisor: agingMs must be a whole number >= 1, got -1"],
    [{ recoveryTimeoutMs: 0 }, "supervisor: recoveryTimeoutMs must be a whole number from 1"],
    [{ window: 5 }, "supervisor: window must be a whole number from 6 to 10000, got 5"],
    [{ keepResults: 0 }, "supervisor: keepResults must be a whole number from 1 to 1000000, got 0"],
    [{ keepResultsMs: Number.NaN }, "supervisor: keepResultsMs must be a whole number from 1"],
    [{ classify: "all" as never }, "supervisor: classify must be a function, got all"],
  ])("%o is refused when the supervisor is made", (options, message) => {
    expect(() => supervisor(options)).toThrow(message);
  });

  const register = (name: unknown, handler: unknown, options: unknown) => () => {
    const { tasks } = setUp();
    tasks.register("taken", async () => {}, { taskTypes: ["work"] });
    tasks.register(name as string, handler as () => void, options as { taskTypes: string[] });
  };
  const handler = async (): Promise<void> => {};
  it.each([
    [
      "an empty name",
      register("", handler, { taskTypes: ["x"] }),
      "supervisor: register: name must not be empty",
    ],
    [
      "a name that is too long with the supervisor's",
      register("x".repeat(128), handler, { taskTypes: ["x"] }),
      "supervisor: register: supervisor/worker: name must have at most 128 characters",
    ],
    [
      "a name that is taken",
      register("taken", handler, { taskTypes: ["x"] }),
      'there is a worker "taken" already',
    ],
    [
      "no handler",
      register("a", 5, { taskTypes: ["x"] }),
      'the handler of "a" must be a function, got number',
    ],
    ["no options", register("a", handler, undefined), 'taskTypes of "a" must be a list of at least one name'],
    [
      "no types",
      register("a", handler, { taskTypes: [] }),
      'taskTypes of "a" must be a list of at least one name',
    ],
    ["a type that is no name", register("a", handler, { taskTypes: [""] }), "name must not be empty"],
    [
      "no concurrency",
      register("a", handler, { taskTypes: ["x"], maxConcurrent: 0 }),
      "maxConcurrent must be a whole number from 1 to 10000, got 0",
    ],
  ])("a worker with %s is refused", (_, act, message) => {
    expect(act).toThrow(message);
  });

  it.each([
    [{ taskId: "" }, "supervisor: taskId must be a string of 1 to 256 characters, got one of 0"],
    [{ taskId: 5 }, "supervisor: taskId must be a string of 1 to 256 characters, got number"],
    [{ taskType: undefined }, "supervisor: taskType must be a string of 1 to 256 characters, got undefined"],
    [{ priority: 0 }, "supervisor: priority must be a whole number from 1 to 10, got 0"],
    [{ timeoutMs: -1 }, "supervisor: timeoutMs must be a whole number from 1 to 2147483647, got -1"],
    [{ signal: 5 }, "supervisor: signal must be an AbortSignal, got number"],
  ])("a task with %o is refused, and nothing is counted", (fields, message) => {
    const { tasks } = setUp();
    tasks.register("a", handler, { taskTypes: ["work"] });
    expect(() => tasks.submit({ taskId: "1", taskType: "work", payload: 0, ...(fields as object) })).toThrow(
      message,
    );
    expect(tasks.dashboard().queueSize).toBe(0);
  });

  it("a type that nobody takes is refused with those that are known", () => {
    const { tasks } = setUp();
    tasks.register("a", handler, { taskTypes: ["x", "y"] });
    expect(() => tasks.submit({ taskId: "1", taskType: "z", payload: 0 })).toThrow(
      expect.objectContaining({ code: "unknown_task_type", taskType: "z", knownTypes: ["x", "y"] }),
    );
  });

  it("an id that is taken is refused, and the first task is as it was", async () => {
    const { tasks } = setUp();
    tasks.register("a", async (n: number) => n, { taskTypes: ["work"] });
    tasks.submit({ taskId: "1", taskType: "work", payload: 1 });
    expect(() => tasks.submit({ taskId: "1", taskType: "work", payload: 2 })).toThrow(
      expect.objectContaining({ code: "duplicate_task", taskId: "1" }),
    );
    expect(await tasks.result("1")).toBe(1);
  });

  it("an id that nobody has submitted rejects", async () => {
    await expect(setUp().tasks.result("x")).rejects.toMatchObject({ code: "unknown_task", taskId: "x" });
  });
});
