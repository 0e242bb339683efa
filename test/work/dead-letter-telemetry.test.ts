import { type Link, SpanKind, trace } from "@opentelemetry/api";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MetricSources } from "../../src/telemetry/metric-sources.ts";
import { SpanRecorder } from "../../src/testing/index.ts";
import { queueWith, storeWith, TASK } from "./letters/letter-fixture.ts";

describe("spans of dead letters", () => {
  let recorder: SpanRecorder;
  let links: Link[];
  beforeEach(() => {
    links = [];
    const processor: SpanProcessor = {
      onStart: (span) => void links.push(...span.links),
      onEnd: () => {},
      forceFlush: async () => {},
      shutdown: async () => {},
    };
    recorder = new SpanRecorder({ spanProcessors: [processor] });
  });
  afterEach(() => recorder.stop());
  const inSpan = <T>(name: string, fn: () => Promise<T>): Promise<T> =>
    trace.getTracer("test").startActiveSpan(name, async (span) => {
      try {
        return await fn();
      } finally {
        span.end();
      }
    });

  it("tell of a new letter on the active span, and keep where that was", async () => {
    const { queue } = queueWith();
    const letter = await inSpan("work", () => queue.add({ ...TASK, reason: "poison" }));
    const span = recorder.get("work");
    expect(span.events).toMatchObject([
      {
        name: "agents.dead_letter.added",
        attributes: {
          "agents.dead_letters.queue": "dead-letters",
          "agents.task.type": "search",
          "agents.dead_letters.reason": "poison",
        },
      },
    ]);
    expect(letter.trace).toEqual({ traceId: span.traceId, spanId: span.spanId });
  });

  it("link a replay to the first trace, under the span of the operator, with no payload", async () => {
    const { queue } = queueWith();
    const { id } = await inSpan("work", () => queue.add(TASK));
    await inSpan("operator", () => queue.replay(id, () => inSpan("inner", async () => "answer")));
    const replay = recorder.get("replay_dead_letter search");
    expect(replay.kind).toBe(SpanKind.INTERNAL);
    expect(recorder.parentOf(replay)?.name).toBe("operator");
    expect(recorder.childrenOf(replay).map(({ name }) => name)).toEqual(["inner"]);
    const { traceId, spanId } = recorder.get("work");
    expect(replay.traceId).not.toBe(traceId);
    expect(links).toMatchObject([{ context: { traceId, spanId } }]);
    expect(replay.attributes).toEqual({
      "agents.dead_letters.queue": "dead-letters",
      "agents.task.type": "search",
      "agents.dead_letters.attempt": 4,
      "agents.dead_letters.outcome": "succeeded",
    });
    expect(
      JSON.stringify(recorder.spans, (_, value) => (typeof value === "bigint" ? `${value}` : value)),
    ).not.toContain("otters");
  });

  it("tell of a failed replay what it threw, redacted", async () => {
    const { queue } = queueWith();
    const { id } = await queue.add(TASK);
    await queue.replay(id, () =>
      Promise.reject(new Error("no, api_key=sk-proj-abcdefghijklmnopqrstuvwxyz012345")),
    );
    const replay = recorder.get("replay_dead_letter search", { failed: true });
    expect(replay.attributes).toMatchObject({ "agents.dead_letters.outcome": "failed" });
    expect(replay.events[0]?.attributes["exception.message"]).toContain("[redacted]");
    expect(links).toEqual([]);
  });
});

describe("metrics of dead letters", () => {
  const read = (metrics: MetricSources, name: string) =>
    Object.fromEntries(
      (metrics.collect().find((each) => each.name === name)?.points ?? []).map((point) => [
        Object.values(point.attributes).join(" "),
        "value" in point ? point.value : Number.NaN,
      ]),
    );

  it("count letters by task type and reason, and replays by outcome", async () => {
    const { queue, metrics } = queueWith();
    const ids = [
      await queue.add(TASK),
      await queue.add(TASK),
      await queue.add({ ...TASK, reason: "timeout" }),
    ];
    await queue.replay(ids[0]!.id, () => 1);
    await queue.replay(ids[1]!.id, () => Promise.reject(new Error("no")));
    expect(read(metrics, "agents.dead_letters.added")).toEqual({
      "dead-letters search max_attempts": 2,
      "dead-letters search timeout": 1,
    });
    expect(read(metrics, "agents.dead_letters.replays")).toEqual({
      "dead-letters succeeded": 1,
      "dead-letters failed": 1,
    });
  });

  it("tell how many are unresolved and how old the oldest is, as the store said last", async () => {
    const { queue, metrics, time, clock } = queueWith();
    await queue.add({ ...TASK, firstAttemptAt: clock.now() - 60_000 });
    expect(read(metrics, "agents.dead_letters.unresolved")).toEqual({});
    const asked = async () => {
      await time.advance(0);
      await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await asked();
    expect(read(metrics, "agents.dead_letters.unresolved")).toEqual({ "dead-letters": 1 });
    expect(read(metrics, "agents.dead_letters.oldest_age")).toEqual({ "dead-letters": 60 });
    await time.advance(5_000);
    expect(read(metrics, "agents.dead_letters.oldest_age")).toEqual({ "dead-letters": 65 });
    await queue.add(TASK);
    await time.advance(1_000);
    await asked();
    expect(read(metrics, "agents.dead_letters.unresolved")).toEqual({ "dead-letters": 2 });
  });

  it("ask the store for nothing until somebody collects, and at most once for many changes", async () => {
    const { store, more, metrics, time } = queueWith();
    let asked = 0;
    const counting = storeWith(store, {
      depth: async (queue) => {
        asked += 1;
        return store.depth(queue);
      },
    });
    const queue = more({ store: { deadLetters: counting } });
    for (let i = 0; i < 20; i++) await queue.add(TASK);
    await time.advance(60_000);
    expect(asked).toBe(0);
    metrics.collect();
    await time.advance(0);
    for (let i = 0; i < 20; i++) await queue.add(TASK);
    await time.advance(1_000);
    expect(asked).toBe(2);
  });
});
