import { type SpanStatus, SpanStatusCode, trace } from "@opentelemetry/api";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agent, handoff, recordUsage, tool } from "../../src/index.ts";
import type { TraceSpan } from "../../src/telemetry/trace-span.ts";
import { SpanRecorder, traceSnapshot } from "../../src/testing/index.ts";

const OK: SpanStatus = { code: SpanStatusCode.UNSET };

function span(
  spanId: string,
  parentSpanId: string | undefined,
  name: string,
  more: Partial<TraceSpan> = {},
): TraceSpan {
  return {
    traceId: "t",
    spanId,
    parentSpanId,
    name,
    kind: 0,
    startNs: 0n,
    endNs: 1n,
    status: OK,
    attributes: {},
    events: [],
    resource: {},
    scope: undefined,
    ...more,
  };
}

/** Trees with many that start at once and are called alike. */
const anyTrace = fc
  .array(
    fc.record({
      parent: fc.nat(),
      name: fc.constantFrom("invoke_agent a", "invoke_agent b", "chat m"),
      start: fc.constantFrom(0n, 0n, 1n),
      isRoot: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map((nodes) =>
    nodes.map(({ parent, name, start, isRoot }, index) =>
      span(String(index), index === 0 || isRoot ? undefined : String(parent % index), name, {
        startNs: start,
      }),
    ),
  );

describe("traceSnapshot", () => {
  it("is a tree of names, without ids and times", async () => {
    using recorder = new SpanRecorder();
    const search = tool("search", (query: string) => query.length);
    const writer = agent("writer", () =>
      recordUsage({ model: "gpt-4o-mini", inputTokens: 1_000, outputTokens: 90 }),
    );
    const researcher = agent("researcher", async () => {
      search("otters");
      throw new TypeError("not today, request 17");
    });
    await agent("supervisor", async () => {
      await researcher().catch(() => {});
      handoff(writer)();
    })();
    expect(traceSnapshot(recorder)).toMatchInlineSnapshot(`
      "invoke_agent supervisor
      ├─ invoke_agent researcher  ✗ TypeError
      │  └─ execute_tool search
      └─ execute_tool transfer_to_writer writer
         └─ invoke_agent writer
            └─ chat gpt-4o-mini"
    `);
    expect(traceSnapshot(recorder, { tokens: true, costs: true })).toContain(
      "chat gpt-4o-mini  1,000 in, 90 out  $0.0002",
    );
    expect(traceSnapshot(recorder.spans.toReversed())).toBe(traceSnapshot(recorder));
  });

  it("shows what is open, and names of events on request", () => {
    using recorder = new SpanRecorder();
    const open = trace.getTracer("test").startSpan("chat gpt-5").addEvent("agents.breaker.rejection");
    expect(traceSnapshot(recorder)).toBe("chat gpt-5  (open)");
    open.end();
    expect(traceSnapshot(recorder, { events: true })).toBe("chat gpt-5\n   · agents.breaker.rejection");
  });

  it("keeps siblings in the order in which they were started, whatever order they ended in", () => {
    using recorder = new SpanRecorder();
    const tracer = trace.getTracer("test");
    const spans = ["zebra", "otter", "beaver"].map((name) => tracer.startSpan(name));
    for (const ended of spans.toReversed()) ended.end();
    expect(traceSnapshot(recorder)).toBe("zebra\n\notter\n\nbeaver");
  });

  it("is the same however the spans are put", () => {
    fc.assert(
      fc.property(
        anyTrace.chain((spans) =>
          fc.tuple(fc.constant(spans), fc.shuffledSubarray(spans, { minLength: spans.length })),
        ),
        ([spans, shuffled]) => {
          expect(traceSnapshot(shuffled)).toBe(traceSnapshot(spans));
        },
      ),
    );
  });

  it("is the same whatever the ids are, whenever it ran and whoever ended first", () => {
    const anyOther = anyTrace.chain((spans) => {
      const ids = spans.map((_, index) => `x${index}`);
      const ends = fc.array(fc.bigInt(1n, 9n), { minLength: spans.length, maxLength: spans.length });
      return fc.tuple(fc.constant(spans), fc.shuffledSubarray(ids, { minLength: ids.length }), ends);
    });
    fc.assert(
      fc.property(anyOther, ([spans, ids, ends]) => {
        const other = spans.map((own, index) => ({
          ...own,
          traceId: "u",
          spanId: ids[index]!,
          parentSpanId: own.parentSpanId === undefined ? undefined : ids[Number(own.parentSpanId)],
          startNs: own.startNs * 5n + 100n,
          endNs: 100n + ends[index]!,
        }));
        expect(traceSnapshot(other)).toBe(traceSnapshot(spans));
      }),
    );
  });

  it("has every span once, also those whose parents are missing or form a circle", () => {
    const spans = [
      span("1", "gone", "lost"),
      span("2", "3", "ring a"),
      span("3", "2", "ring b"),
      span("1", "gone", "lost"),
    ];
    expect(traceSnapshot(spans)).toBe(
      "lost  (its parent is not here)\nring a  (its parents form a circle)\n└─ ring b",
    );
  });

  it("is nothing for no spans", () => {
    expect(traceSnapshot([])).toBe("");
  });

  it("keeps its time for a chain and a fan of ten thousand spans", () => {
    const chain = Array.from({ length: 10_000 }, (_, i) =>
      span(String(i), i === 0 ? undefined : String(i - 1), "deep"),
    );
    expect(traceSnapshot(chain).split("\n")).toHaveLength(10_000);
    const fan = Array.from({ length: 10_000 }, (_, i) => span(String(i), i === 0 ? undefined : "0", "wide"));
    expect(traceSnapshot(fan).split("\n")).toHaveLength(10_000);
  });
});
