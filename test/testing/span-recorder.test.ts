import { type Span, trace } from "@opentelemetry/api";
import { AlwaysOffSampler } from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SpanRecorder } from "../../src/testing/span-recorder.ts";

let recorder: SpanRecorder;
beforeEach(() => {
  recorder = new SpanRecorder();
});
afterEach(() => recorder.stop());

function span<T>(name: string, fn: (span: Span) => T, attributes = {}): T {
  return trace.getTracer("test").startActiveSpan(name, { attributes }, (active) => {
    try {
      return fn(active);
    } finally {
      active.end();
    }
  });
}

describe("SpanRecorder", () => {
  it("keeps finished spans in the order in which they ended", () => {
    span("outer", () => span("inner", () => {}));
    expect(recorder.spans.map(({ name }) => name)).toEqual(["inner", "outer"]);
  });

  it("knows which spans are still open", () => {
    span("outer", () => expect(recorder.open).toEqual(["outer"]));
    expect(recorder.open).toEqual([]);
  });

  it("finds a span by name, pattern, attributes and parent", () => {
    span("outer", () => span("inner 1", () => {}, { tags: ["x"] }));
    const outer = recorder.get("outer", { parent: null });
    expect(
      recorder.get(/^inner/, { parent: outer, attributes: { tags: ["x"], absent: undefined } }).name,
    ).toBe("inner 1");
    expect(recorder.all({ attributes: { tags: ["y"] } })).toEqual([]);
    expect([recorder.parentOf(recorder.get("inner 1")), recorder.childrenOf(outer)]).toEqual([
      outer,
      [recorder.get("inner 1")],
    ]);
  });

  it("shows all spans, open ones too, when none fits", () => {
    span("outer", () => {
      span("inner", () => {}, { team: "docs" });
      const find = (): unknown => recorder.get("other", { attributes: { team: undefined } });
      expect(find).toThrow(
        /0 finished spans fit "other".*[\s\S]*inner[\s\S]*team: docs[\s\S]*still open: outer/,
      );
    });
  });

  it("says so when more than one fits", () => {
    span("twin", () => {});
    span("twin", () => {});
    expect(() => recorder.get("twin")).toThrow(/2 finished spans fit/);
  });

  it("forgets all at a reset, spans that were open included", () => {
    span("across", () => {
      span("before", () => {});
      recorder.reset();
    });
    expect([recorder.spans, recorder.open]).toEqual([[], []]);
  });

  it("gives the process its place for an SDK back, and may be stopped twice", () => {
    recorder.stop();
    recorder.stop();
    span("unseen", () => {});
    expect(recorder.spans).toEqual([]);
    recorder = new SpanRecorder();
    span("seen", () => {});
    expect(recorder.spans).toHaveLength(1);
  });

  it("does not stop the recorder that came after it", () => {
    recorder.stop();
    const next = new SpanRecorder();
    recorder.stop();
    span("seen", () => {});
    expect(next.spans).toHaveLength(1);
    next.stop();
  });

  it("refuses to stand beside another provider", () => {
    expect(() => new SpanRecorder()).toThrow(/a tracer provider is registered already/);
    span("seen", () => {});
    expect(recorder.spans).toHaveLength(1);
  });

  it("takes a sampler", () => {
    recorder.stop();
    recorder = new SpanRecorder({ sampler: new AlwaysOffSampler() });
    span("unsampled", () => {});
    expect(recorder.spans).toEqual([]);
  });
});
