import { trace } from "@opentelemetry/api";
import { describe, expect, it, vi } from "vitest";
import { agent } from "../../src/index.ts";
import { SpanRecorder } from "../../src/testing/span-recorder.ts";

const tracer = () => trace.getTracer("test");

describe("settled", () => {
  it("is at once where nothing is open", async () => {
    using recorder = new SpanRecorder();
    await recorder.settled();
    expect(recorder.spans).toEqual([]);
  });

  it("waits for what the program does without awaiting it", async () => {
    using recorder = new SpanRecorder();
    const gate = Promise.withResolvers<void>();
    void agent("writer", () => gate.promise)();
    const settled = recorder.settled();
    expect(recorder.spans).toEqual([]);
    gate.resolve();
    await settled;
    expect(recorder.get("invoke_agent writer").attributes["gen_ai.agent.name"]).toBe("writer");
  });

  it("waits for a span that begins when the last one ends", async () => {
    using recorder = new SpanRecorder();
    const gate = Promise.withResolvers<void>();
    const wait = agent("first", () => gate.promise);
    void wait().then(() => agent("second", async () => {})());
    gate.resolve();
    await recorder.settled();
    expect(recorder.spans.map(({ name }) => name)).toEqual(["invoke_agent first", "invoke_agent second"]);
  });

  it("says after its limit which spans are still open, and shows them", async () => {
    using recorder = new SpanRecorder();
    const span = tracer().startSpan("chat gpt-5");
    await expect(recorder.settled({ limitMs: 5 })).rejects.toThrow(
      /after 5 ms 1 span is still open: chat gpt-5\n[\s\S]*chat gpt-5 +open/,
    );
    span.end();
    await recorder.settled({ limitMs: 5 });
  });

  it("keeps its limit under fake timers", async () => {
    vi.useFakeTimers();
    try {
      using recorder = new SpanRecorder();
      tracer().startSpan("stuck");
      await expect(recorder.settled({ limitMs: 5 })).rejects.toThrow("still open: stuck");
    } finally {
      vi.useRealTimers();
    }
  });

  it("is settled by a reset", async () => {
    using recorder = new SpanRecorder();
    tracer().startSpan("stuck");
    const settled = recorder.settled();
    recorder.reset();
    await settled;
  });

  it.each([0, 1.5, 600_001])("refuses the limit %s", async (limitMs) => {
    using recorder = new SpanRecorder();
    await expect(recorder.settled({ limitMs })).rejects.toThrow(
      `limitMs must be a whole number from 1 to 600000, got ${limitMs}`,
    );
  });
});

describe("a recorder", () => {
  it("stops at the end of its block, so that the next test has its own", () => {
    {
      using recorder = new SpanRecorder();
      tracer().startSpan("one").end();
      expect(recorder.spans).toHaveLength(1);
    }
    using next = new SpanRecorder();
    expect(next.spans).toEqual([]);
  });

  it("names the agent and the cost on spans of others, where it is asked to", () => {
    using recorder = new SpanRecorder({ agentSpanProcessor: true });
    agent("writer", () => {
      const attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.usage.input_tokens": 1_000,
        "gen_ai.usage.output_tokens": 10,
      };
      tracer().startSpan("chat gpt-4o-mini", { attributes }).end();
    })();
    const { attributes } = recorder.get("chat gpt-4o-mini");
    expect(attributes).toMatchObject({ "gen_ai.agent.name": "writer", "gen_ai.usage.cost.currency": "USD" });
  });

  it("shows the spans that are open as they are now", () => {
    using recorder = new SpanRecorder();
    const span = tracer().startSpan("open").setAttribute("step", 1);
    expect(recorder.openSpans).toMatchObject([{ name: "open", endNs: undefined, attributes: { step: 1 } }]);
    span.end();
    expect(recorder.openSpans).toEqual([]);
  });
});
