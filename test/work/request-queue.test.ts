import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, it } from "vitest";
import { setDeadline } from "../../src/internal/deadline.ts";
import { circuitBreaker } from "../../src/resilience/circuit-breaker.ts";
import { wrap } from "../../src/resilience/wrap.ts";
import { type RequestQueueOptions, requestQueue } from "../../src/work/request-queue.ts";
import { gate, ManualTime, settled } from "./manual-time.ts";

function setUp(options: Partial<RequestQueueOptions> = {}) {
  const time = new ManualTime();
  const { clock, after } = time;
  const queue = requestQueue({ name: "q", concurrency: 1, maxQueue: 10, clock, after, ...options });
  const log: string[] = [];
  const noting = (name: string) => async (): Promise<string> => {
    log.push(name);
    return name;
  };
  return { queue, time, log, noting };
}

/** A queue of one slot that is taken. */
function setUpBusy(options: Partial<RequestQueueOptions> = {}) {
  const first = gate<string>();
  const all = setUp(options);
  const running = all.queue.add(first.task);
  return { ...all, first, running };
}

describe("a request queue", () => {
  it("gives the result of each task to whoever handed it in", async () => {
    const { queue } = setUp({ concurrency: 3 });
    const tasks = Array.from({ length: 9 }, (_, i) => queue.add(async () => i * i));
    expect(await Promise.all(tasks)).toEqual([0, 1, 4, 9, 16, 25, 36, 49, 64]);
  });

  it("starts a task at once where a slot is free", () => {
    const { queue } = setUp();
    const { task, state } = gate();
    void queue.add(task);
    expect([state.begun, queue.running, queue.size]).toEqual([true, 1, 0]);
  });

  it.each([
    ["at once", () => setUp().queue],
    [
      "in its turn",
      () => {
        const { queue, first } = setUpBusy();
        setImmediate(() => first.open(""));
        return queue;
      },
    ],
  ])("rejects with what a task throws that starts %s, the same object, and goes on", async (_, open) => {
    const error = new Error("boom");
    const throws = (): never => {
      throw error;
    };
    const queue = open();
    for (const task of [throws, () => Promise.reject(error)]) {
      await expect(queue.add(task)).rejects.toBe(error);
      await settled();
      expect(queue.running).toBe(0);
    }
  });

  it("frees the slot of a task that fails after it has waited", async () => {
    const { queue, noting, first } = setUpBusy();
    const failing = queue.add(() => Promise.reject(new Error("boom"))).catch(() => "failed");
    const next = queue.add(noting("next"));
    first.open("");
    expect([await failing, await next]).toEqual(["failed", "next"]);
  });

  it("starts the most important first, and in the order of coming among equals", async () => {
    const { queue, log, noting, first } = setUpBusy();
    const given = [9, 5, 1, 5, 10, 1].map((priority, i) =>
      queue.add(noting(`${priority}/${i}`), { priority }),
    );
    first.open("");
    await Promise.all(given);
    expect(log).toEqual(["1/2", "1/5", "5/1", "5/3", "9/0", "10/4"]);
  });

  it("takes 5 for the priority of a task that says none", () => {
    const { queue } = setUpBusy();
    void queue.add(async () => {});
    expect(queue.sizes).toEqual({ 1: 0, 2: 0, 3: 0, 4: 0, 5: 1, 6: 0, 7: 0, 8: 0, 9: 0, 10: 0 });
  });

  it("lets a task that has waited long go before a more important one that has not", async () => {
    const { queue, time, log, noting, first } = setUpBusy({ agingMs: 1_000 });
    const old = queue.add(noting("old"), { priority: 5 });
    await time.advance(3_000);
    const fresh = queue.add(noting("fresh"), { priority: 3 });
    first.open("");
    await Promise.all([old, fresh]);
    expect(log).toEqual(["old", "fresh"]);
  });

  it("puts nobody back where the clock runs backwards", async () => {
    let nowMs = 1_000_000;
    const clock = { now: () => nowMs, monotonic: () => nowMs };
    const { queue, log, noting, first } = setUpBusy({ clock });
    const before = [7, 2].map((priority) => queue.add(noting(`${priority}`), { priority }));
    nowMs = 0;
    const after = queue.add(noting("8 after it"), { priority: 8 });
    first.open("");
    await Promise.all([...before, after]);
    expect(log).toEqual(["2", "7", "8 after it"]);
  });

  it("refuses a task when as many wait as may, with the facts", async () => {
    const { queue } = setUpBusy({ maxQueue: 2 });
    void queue.add(async () => {});
    void queue.add(async () => {});
    await expect(queue.add(async () => {}, { priority: 3 })).rejects.toMatchObject({
      code: "queue_full",
      queue: "q",
      size: 2,
      maxQueue: 2,
      priority: 3,
      retryAfterMs: 1_000,
    });
  });

  it("says when to come again by how fast tasks have ended", async () => {
    const { queue, time } = setUp({ maxQueue: 3 });
    const gates = Array.from({ length: 7 }, () => gate());
    for (const { task } of gates.slice(0, 4)) void queue.add(task);
    for (let i = 0; i < 3; i++) {
      await time.advance(200);
      gates[i]?.open();
      await settled();
      void queue.add(gates[i + 4]!.task);
    }
    await expect(queue.add(async () => {})).rejects.toMatchObject({ retryAfterMs: 200 });
  });

  it("with maxQueue 0 refuses whatever cannot start at once", async () => {
    const { queue } = setUpBusy({ maxQueue: 0 });
    await expect(queue.add(async () => {})).rejects.toMatchObject({ code: "queue_full" });
  });

  it("runs a task in the async context of whoever handed it in", async () => {
    const context = new AsyncLocalStorage<string>();
    const { queue, first } = setUpBusy();
    const caller = new AbortController();
    const seen = [
      context.run("a", () => queue.add(async () => context.getStore())),
      context.run("b", () => queue.add(async () => context.getStore(), { signal: caller.signal })),
      context.run("c", () => queue.add(async () => context.getStore(), { deadlineMs: 50 })),
    ];
    first.open("");
    expect(await Promise.all(seen)).toEqual(["a", "b", "c"]);
  });
});

describe("a caller that gives up", () => {
  it("gets its reason at once, and frees its place at once", async () => {
    const { queue } = setUpBusy({ maxQueue: 1 });
    const caller = new AbortController();
    const { task, state } = gate();
    const waiting = queue.add(task, { signal: caller.signal });
    caller.abort("enough");
    expect(queue.size).toBe(0);
    void queue.add(async () => {});
    expect(queue.size).toBe(1);
    await expect(waiting).rejects.toBe("enough");
    expect(state.begun).toBe(false);
  });

  it("has its task never started, also where it gives up in the moment of its turn", async () => {
    const { queue, first } = setUpBusy();
    const caller = new AbortController();
    const { task, state } = gate();
    const waiting = queue.add(task, { signal: caller.signal });
    const rejected = expect(waiting).rejects.toBe("enough");
    // Right after the queue has seen the first task end, before the second one's turn has reached it.
    void first.promise.then(() => {
      expect([queue.size, queue.running]).toEqual([0, 1]);
      caller.abort("enough");
    });
    first.open("");
    await rejected;
    expect([state.begun, queue.running]).toEqual([false, 0]);
  });

  it("is refused before it waits where it has given up already", async () => {
    const { queue } = setUpBusy();
    await expect(queue.add(async () => {}, { signal: AbortSignal.abort("gone") })).rejects.toBe("gone");
    expect(queue.size).toBe(0);
  });

  it("is answered at once while its task runs, and the task keeps its slot until it settles, as a zombie", async () => {
    const { queue, log, noting } = setUp();
    const caller = new AbortController();
    const { task, open, state } = gate();
    const call = queue.add(task, { signal: caller.signal });
    const next = queue.add(noting("next"));
    caller.abort("enough");
    await expect(call).rejects.toBe("enough");
    expect(state.signal?.aborted).toBe(true);
    await settled();
    expect([queue.running, queue.zombies, log]).toEqual([1, 1, []]);

    open();
    expect(await next).toBe("next");
    expect([queue.running, queue.zombies]).toEqual([0, 0]);
  });

  it("leaves no listener on its signal", async () => {
    const { queue, first, running } = setUpBusy();
    const caller = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = caller.signal;
    caller.signal.addEventListener = (...args: Parameters<AbortSignal["addEventListener"]>) => {
      listeners += 1;
      addEventListener.apply(caller.signal, args);
    };
    caller.signal.removeEventListener = (...args: Parameters<AbortSignal["removeEventListener"]>) => {
      listeners -= 1;
      removeEventListener.apply(caller.signal, args);
    };
    const call = queue.add(async () => {}, { signal: caller.signal });
    first.open("");
    await Promise.all([running, call]);
    await settled();
    expect(listeners).toBe(0);
  });
});

describe("a deadline", () => {
  it("that passes while the task waits refuses it at once, and it is never started", async () => {
    const { queue, time, first } = setUpBusy({ maxQueue: 1 });
    const { task, state } = gate();
    const call = queue.add(task, { deadlineMs: 100 });
    const rejected = expect(call).rejects.toMatchObject({
      code: "queue_expired",
      started: false,
      waitedMs: 100,
    });
    await time.advance(100);
    await rejected;
    expect(queue.size).toBe(0);
    first.open("");
    await settled();
    expect(state.begun).toBe(false);
  });

  it("is heeded where no timer has rung yet, since the event loop was busy", async () => {
    const { queue, time, first } = setUpBusy();
    const { task, state } = gate();
    const call = queue.add(task, { deadlineMs: 100 });
    time.clock.advance(100);
    first.open("");
    await expect(call).rejects.toMatchObject({ code: "queue_expired" });
    expect(state.begun).toBe(false);
  });

  it("counts from being handed in: what the task has left of it when it starts is what it gets", async () => {
    const { queue, time, first } = setUpBusy();
    const { task, state } = gate();
    const call = queue.add(task, { deadlineMs: 100 });
    const rejected = expect(call).rejects.toMatchObject({
      code: "queue_expired",
      started: true,
      waitedMs: 60,
    });
    await time.advance(60);
    first.open("");
    await settled();
    expect(state.begun).toBe(true);
    await time.advance(39);
    expect(state.signal?.aborted).toBe(false);
    await time.advance(1);
    await rejected;
    expect([state.signal?.aborted, queue.zombies]).toEqual([true, 1]);
  });

  it("leaves a timeout of the task's own as it is", async () => {
    const { queue } = setUp();
    const own = Object.assign(new Error("mine"), { code: "timeout" });
    await expect(queue.add(() => Promise.reject(own), { deadlineMs: 100 })).rejects.toBe(own);
  });

  it("of the caller's signal is heeded too", async () => {
    const { queue } = setUp();
    const { signal } = new AbortController();
    setDeadline(signal, 0);
    await expect(queue.add(async () => {}, { signal })).rejects.toMatchObject({ code: "queue_expired" });
  });

  it("leaves no timer behind when the task has begun, and none when it is done", async () => {
    const { queue, time, first } = setUpBusy();
    const { task, open } = gate();
    const calls = [queue.add(task, { deadlineMs: 100 }), queue.add(async () => {}, { deadlineMs: 200 })];
    expect(time.pending).toBe(2);
    first.open("");
    await settled();
    // Of the one that runs, for what it has left, and of the one that waits.
    expect(time.pending).toBe(2);
    open();
    await Promise.all(calls);
    expect(time.pending).toBe(0);
  });
});

describe("a pause", () => {
  it("starts nothing more, and what runs goes on", async () => {
    const { queue, first, running, log, noting } = setUpBusy();
    queue.pause();
    const waiting = queue.add(noting("a"));
    first.open("done");
    expect(await running).toBe("done");
    await settled();
    expect([queue.isPaused, queue.running, queue.size, log]).toEqual([true, 0, 1, []]);

    queue.resume();
    expect(await waiting).toBe("a");
  });

  it("lets new tasks wait, up to the bound", async () => {
    const { queue } = setUp({ maxQueue: 1 });
    queue.pause();
    void queue.add(async () => {});
    expect([queue.running, queue.size]).toEqual([0, 1]);
    await expect(queue.add(async () => {})).rejects.toMatchObject({ code: "queue_full" });
  });
});

describe("drain", () => {
  it("takes no more, and resolves when all that was handed in is done", async () => {
    const { queue, first, log, noting } = setUpBusy();
    void queue.add(noting("a"));
    const drained = queue.drain().then(() => log.push("drained"));
    await expect(queue.add(noting("b"))).rejects.toMatchObject({ code: "queue_closed", queue: "q" });
    first.open("");
    await drained;
    expect(log).toEqual(["a", "drained"]);
  });

  it("ends a pause, or it would never resolve", async () => {
    const { queue, log, noting } = setUp();
    queue.pause();
    void queue.add(noting("a"));
    await queue.drain();
    expect(log).toEqual(["a"]);
  });

  it("does not wait for a task whose caller is gone", async () => {
    const { queue } = setUp();
    const caller = new AbortController();
    const call = queue.add(() => new Promise(() => {}), { signal: caller.signal });
    caller.abort("enough");
    await expect(call).rejects.toBe("enough");
    await queue.drain();
    expect(queue.zombies).toBe(1);
  });

  it("of an empty queue resolves", async () => {
    await setUp().queue.drain();
  });
});

describe("idle", () => {
  it("resolves when nothing waits or runs, and the queue goes on taking tasks", async () => {
    const { queue, first, noting } = setUpBusy();
    const idle = queue.idle();
    first.open("");
    await idle;
    expect(await queue.add(noting("a"))).toBe("a");
  });

  it("resolves when the last one that waits gives up", async () => {
    const { queue } = setUp();
    queue.pause();
    const caller = new AbortController();
    const call = queue.add(async () => {}, { signal: caller.signal });
    const idle = queue.idle();
    caller.abort("enough");
    await expect(call).rejects.toBe("enough");
    await idle;
  });

  it("waits for a task too that came in the turn in which it was asked for", async () => {
    const { queue, log } = setUp();
    const idle = queue.idle().then(() => log.push("idle"));
    const { task, open } = gate();
    const call = queue.add(task).then(() => log.push("task"));
    await settled();
    expect(log).toEqual([]);
    open();
    await Promise.all([idle, call]);
    expect(log).toEqual(["task", "idle"]);
  });
});

describe("close", () => {
  it("refuses those that wait, and resolves when those that run are done", async () => {
    const { queue, first, running, log, noting } = setUpBusy();
    const waiting = queue.add(noting("a"));
    const closed = queue.close().then(() => log.push("closed"));
    await expect(waiting).rejects.toMatchObject({ code: "queue_closed" });
    expect(log).toEqual([]);
    first.open("done");
    expect(await running).toBe("done");
    await closed;
    expect(log).toEqual(["closed"]);
  });

  it("may be called twice", async () => {
    const { queue } = setUp();
    await queue.close();
    await queue.close();
    await expect(queue.add(async () => {})).rejects.toMatchObject({ code: "queue_closed" });
  });
});

describe("a queue as a policy", () => {
  it("keeps this, arguments and result of a function that it is put around", async () => {
    const counter = {
      step: 2,
      async add(a: number, b: number) {
        return (a + b) * this.step;
      },
    };
    counter.add = setUp().queue.around(counter.add);
    expect(await counter.add(1, 2)).toBe(6);
  });

  it("calls with the priority and deadline that it was made with", async () => {
    const { queue, log, noting, first } = setUpBusy();
    const low = queue.add(noting("low"), { priority: 4 });
    const high = wrap(queue.policy({ priority: 1 })).execute(noting("high"));
    const late = queue.policy({ priority: 1, deadlineMs: 1 });
    expect(late.name).toBe("q");
    first.open("");
    await Promise.all([low, high]);
    expect(log).toEqual(["high", "low"]);
  });

  it("passes the caller's signal on", async () => {
    const { queue } = setUpBusy();
    const caller = new AbortController();
    const call = queue.policy().execute(async () => {}, caller.signal);
    caller.abort("enough");
    await expect(call).rejects.toBe("enough");
  });

  it.each([
    ["full", (queue: ReturnType<typeof setUp>["queue"]) => queue.policy()],
    ["expired", (queue: ReturnType<typeof setUp>["queue"]) => queue.policy({ deadlineMs: 1 })],
  ])("refuses without a breaker around it counting a failure (%s)", async (kind, policyOf) => {
    const { queue, time } = setUpBusy({ maxQueue: kind === "full" ? 0 : 10 });
    const breaker = circuitBreaker({ name: `around a queue, ${kind}`, failureThreshold: 1 });
    const call = wrap(breaker, policyOf(queue)).execute(async () => {});
    const rejected = expect(call).rejects.toMatchObject({ code: `queue_${kind}` });
    await time.advance(1);
    await rejected;
    expect([breaker.state, breaker.counts.ignored]).toEqual(["closed", 1]);
  });
});

describe("bad input", () => {
  it.each([
    [{ name: "" }, "requestQueue: name must not be empty"],
    [{ concurrency: 0 }, "requestQueue: concurrency must be a whole number from 1 to 100000, got 0"],
    [
      { concurrency: Number.NaN },
      "requestQueue: concurrency must be a whole number from 1 to 100000, got NaN",
    ],
    [{ maxQueue: -1 }, "requestQueue: maxQueue must be a whole number from 0 to 1000000, got -1"],
    [
      { maxQueue: undefined as never },
      "requestQueue: maxQueue must be a whole number from 0 to 1000000, got undefined",
    ],
    [
      { maxQueue: Number.POSITIVE_INFINITY },
      "requestQueue: maxQueue must be a whole number from 0 to 1000000",
    ],
    [{ agingMs: 0 }, "requestQueue: agingMs must be a whole number >= 1, got 0"],
  ])("%o is refused when the queue is made", (options, message) => {
    expect(() => requestQueue({ name: "q", maxQueue: 1, ...options })).toThrow(message);
  });

  it.each([
    [{ priority: 0 }, "requestQueue: priority must be a whole number from 1 to 10, got 0"],
    [{ priority: 11 }, "requestQueue: priority must be a whole number from 1 to 10, got 11"],
    [{ priority: 2.5 }, "requestQueue: priority must be a whole number from 1 to 10, got 2.5"],
    [{ deadlineMs: -5 }, "requestQueue: deadlineMs must be a whole number from 1 to 2147483647, got -5"],
    [
      { deadlineMs: Number.NaN },
      "requestQueue: deadlineMs must be a whole number from 1 to 2147483647, got NaN",
    ],
    [{ signal: {} as AbortSignal }, "requestQueue: signal must be an AbortSignal, got object"],
  ])("%o rejects, and takes no place", async (options, message) => {
    const { queue } = setUp();
    await expect(queue.add(async () => {}, options)).rejects.toThrow(message);
    expect([queue.size, queue.running]).toEqual([0, 0]);
  });

  it("a task that is no function rejects", async () => {
    await expect(setUp().queue.add(5 as never)).rejects.toThrow(
      "requestQueue: the task must be a function, got number",
    );
  });

  it("of a policy is refused when that is made", () => {
    expect(() => setUp().queue.policy({ priority: 12 })).toThrow("requestQueue: policy: priority must be");
  });
});
