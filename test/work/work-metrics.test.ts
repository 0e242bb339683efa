import { trace } from "@opentelemetry/api";
import { describe, expect, it, onTestFinished } from "vitest";
import { MetricSources } from "../../src/telemetry/metric-sources.ts";
import { SpanRecorder } from "../../src/testing/index.ts";
import { requestQueue } from "../../src/work/request-queue.ts";
import { supervisor } from "../../src/work/supervisor.ts";
import { gate, ManualTime, settled } from "./manual-time.ts";

function reader(metrics: MetricSources) {
  /** By metric name: attribute values joined, and the value, or the count and sum of a histogram. */
  return (name: string): Record<string, number | readonly [number, number]> => {
    const instrument = metrics.collect().find((each) => each.name === name);
    if (instrument === undefined) return {};
    const key = (attributes: object) => Object.values(attributes).join(" ");
    if (instrument.kind === "histogram") {
      return Object.fromEntries(
        instrument.points.map(({ attributes, cell }) => [key(attributes), [cell.count, cell.sum] as const]),
      );
    }
    return Object.fromEntries(instrument.points.map(({ attributes, value }) => [key(attributes), value]));
  };
}

function setUp() {
  const metrics = new MetricSources();
  const time = new ManualTime();
  const { clock, after } = time;
  const queue = (name: string, maxQueue = 10) =>
    requestQueue({ name, concurrency: 1, maxQueue, clock, after, metrics });
  return { metrics, time, clock, after, read: reader(metrics), queue };
}

describe("metrics of a request queue", () => {
  it("say how many wait, by priority, run, and may run", async () => {
    const { read, queue } = setUp();
    const { add } = bound(queue("q"));
    const { task, open } = gate();
    const all = [add(task), add(task, { priority: 2 }), add(task, { priority: 2 })];
    expect(read("agents.queue.depth")).toEqual({ "q 2": 2, "q 5": 0 });
    expect(read("agents.queue.running")).toEqual({ q: 1 });
    expect(read("agents.queue.concurrency")).toEqual({ q: 1 });
    open();
    await Promise.all(all);
    expect(read("agents.queue.depth")).toEqual({ "q 2": 0, "q 5": 0 });
    expect(read("agents.queue.running")).toEqual({ q: 0 });
  });

  it("say how long tasks waited that were started, in seconds", async () => {
    const { read, queue, time } = setUp();
    const { add } = bound(queue("q"));
    const { task, open } = gate();
    const all = [add(task), add(async () => {})];
    await time.advance(2_500);
    open();
    await Promise.all(all);
    expect(read("agents.queue.wait")).toEqual({ q: [2, 2.5] });
  });

  it("count each task that was never started once, by reason", async () => {
    const { read, queue, time } = setUp();
    const one = queue("q", 3);
    const { add } = bound(one);
    const caller = new AbortController();
    const hangs = new Promise<void>(() => {});
    void add(() => hangs);
    const refused = [
      add(async () => {}, { deadlineMs: 10 }),
      add(async () => {}, { signal: caller.signal }),
      add(async () => {}),
      add(async () => {}),
      add(async () => {}, { signal: AbortSignal.abort() }),
    ].map((each) => each.catch(() => {}));
    caller.abort();
    await time.advance(10);
    void one.close();
    await Promise.all(refused);
    await add(async () => {}).catch(() => {});
    expect(read("agents.queue.rejections")).toEqual({
      "q expired": 1,
      "q aborted": 2,
      "q full": 1,
      "q closed": 2,
    });
  });

  it("of a queue that is closed: what it has counted stays, what is of now ends", async () => {
    const { read, queue } = setUp();
    const one = queue("q");
    await one.add(async () => {});
    await one.close();
    expect(read("agents.queue.running")).toEqual({});
    expect(read("agents.queue.wait")).toEqual({ q: [1, 0] });
  });

  it("of several of one name are added up", async () => {
    const { read, queue } = setUp();
    for (let i = 0; i < 2; i++) await queue("q").add(async () => {});
    expect(read("agents.queue.wait")).toEqual({ q: [2, 0] });
  });
});

describe("metrics of a supervisor", () => {
  function setUpSupervisor() {
    const all = setUp();
    const { clock, after, metrics } = all;
    const tasks = supervisor({ name: "s", clock, after, metrics, taskTimeoutMs: 100, random: () => 0.5 });
    return { ...all, tasks };
  }

  it("say the state of each worker with 0 or 1, and its load", async () => {
    const { read, tasks } = setUpSupervisor();
    const { task, open } = gate();
    tasks.register("a", (_, signal) => task(signal), { taskTypes: ["x"], maxConcurrent: 2 });
    tasks.submit({ taskId: "1", taskType: "x", payload: 0 });
    await settled();
    expect(read("agents.worker.state")).toEqual({
      "s a idle": 0,
      "s a busy": 1,
      "s a overloaded": 0,
      "s a failed": 0,
    });
    expect(read("agents.worker.load")).toEqual({ "s a": 0.5 });
    open();
    await settled();
    expect(read("agents.worker.state")).toMatchObject({ "s a idle": 1, "s a busy": 0 });
  });

  it("count tasks by worker and outcome", async () => {
    const { read, tasks, time } = setUpSupervisor();
    const answers = [async () => 1, () => Promise.reject(new Error("boom")), () => new Promise(() => {})];
    tasks.register("a", (n: number) => answers[n]?.(), { taskTypes: ["x"], maxConcurrent: 9 });
    for (const n of [0, 0, 1, 2]) tasks.submit({ taskId: `${Math.random()}`, taskType: "x", payload: n });
    const caller = new AbortController();
    tasks.submit({ taskId: "cancelled", taskType: "x", payload: 2, signal: caller.signal });
    await settled();
    caller.abort();
    await time.advance(100);
    expect(read("agents.worker.tasks")).toEqual({
      "s a done": 2,
      "s a failed": 1,
      "s a timeout": 1,
      "s a aborted": 1,
    });
  });

  it("count tasks that were refused under pressure, by type", async () => {
    const { read, tasks } = setUpSupervisor();
    tasks.register("a", () => new Promise(() => {}), { taskTypes: ["x"], maxConcurrent: 1 });
    for (const taskId of ["1", "2", "3"]) {
      tasks.submit({ taskId, taskType: "x", payload: 0 });
      await settled();
    }
    expect(read("agents.supervisor.rejections")).toEqual({ "s x": 2 });
  });

  it("have its queue and the breakers of its workers, under names of their own", async () => {
    const { read, tasks } = setUpSupervisor();
    tasks.register("a", async () => {}, { taskTypes: ["x"] });
    tasks.submit({ taskId: "1", taskType: "x", payload: 0 });
    expect(read("agents.queue.depth")).toEqual({ "s 5": 1 });
    expect(read("agents.breaker.state")).toMatchObject({ "s/a closed": 1 });
  });

  it("of one that is closed end", async () => {
    const { read, tasks } = setUpSupervisor();
    tasks.register("a", async () => {}, { taskTypes: ["x"] });
    await tasks.close();
    expect([read("agents.worker.state"), read("agents.breaker.state")]).toEqual([{}, {}]);
  });
});

describe("a refusal", () => {
  function record() {
    const recorder = new SpanRecorder();
    onTestFinished(() => recorder.stop());
    return recorder;
  }

  /** Runs it in a span of its own. */
  const inSpan = (name: string, fn: () => Promise<unknown>) =>
    trace.getTracer("test").startActiveSpan(name, async (span) => {
      await fn().catch(() => {});
      span.end();
    });

  it("of a queue is an event and an attribute on the span of whoever asked", async () => {
    const recorder = record();
    const { add } = bound(setUp().queue("q", 0));
    void add(() => new Promise(() => {}));
    await inSpan("caller", () => add(async () => {}, { priority: 3 }));
    expect(recorder.spans[0]).toMatchObject({
      attributes: { "agents.queue.name": "q", "agents.queue.reason": "full" },
      events: [
        {
          name: "agents.queue.rejection",
          attributes: { "agents.queue.name": "q", "agents.queue.reason": "full", "agents.queue.priority": 3 },
        },
      ],
    });
  });

  it("of one who waited is on its own span, not on that of whoever has made it so", async () => {
    const recorder = record();
    const queue = setUp().queue("q");
    void queue.add(() => new Promise(() => {}));
    const waiting = inSpan("waits", () => queue.add(async () => {}));
    await inSpan("closes", async () => void queue.close());
    await waiting;
    const eventsOf = (name: string) =>
      recorder.spans
        .filter((span) => span.name === name)
        .map((span) => span.events.map((event) => event.name));
    expect([eventsOf("waits"), eventsOf("closes")]).toEqual([[["agents.queue.rejection"]], [[]]]);
  });

  it("of a supervisor is an event and an attribute on the span of whoever submitted", async () => {
    const recorder = record();
    const tasks = supervisor({ name: "s", maxQueue: 1, metrics: new MetricSources() });
    tasks.register("a", async () => {}, { taskTypes: ["x"] });
    tasks.submit({ taskId: "1", taskType: "x", payload: 0 });
    await inSpan("caller", async () => tasks.submit({ taskId: "2", taskType: "x", payload: 0 }));
    expect(recorder.spans[0]).toMatchObject({
      attributes: { "agents.supervisor.name": "s", "agents.queue.reason": "full" },
      events: [{ name: "agents.queue.rejection", attributes: { "agents.task.type": "x" } }],
    });
  });
});

function bound(queue: ReturnType<typeof requestQueue>) {
  return { add: queue.add.bind(queue) };
}
