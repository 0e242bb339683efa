import { ROOT_CONTEXT, TraceFlags, trace } from "@opentelemetry/api";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { describe, expect, it } from "vitest";
import { waitUntilProcessor } from "../../src/pipeline/wait-until.ts";

function setUp(waitUntil?: (work: Promise<void>) => void) {
  const works: Promise<void>[] = [];
  let flushes = 0;
  const flush = async (): Promise<void> => {
    flushes++;
  };
  const processor = waitUntilProcessor(waitUntil ?? ((work) => void works.push(work)), flush);
  const tracer = new TracerProvider({ spanProcessors: [processor] }).getTracer("test");
  return { tracer, works, flushes: () => flushes };
}

describe("waitUntil", () => {
  it("gets a promise of a flush when the outermost span of a request ends", async () => {
    const { tracer, works, flushes } = setUp();
    tracer.startSpan("request").end();
    await Promise.all(works);
    expect([works.length, flushes()]).toEqual([1, 1]);
  });

  it("is left alone when a span inside of it ends", () => {
    const { tracer, works } = setUp();
    const root = tracer.startSpan("request");
    tracer.startSpan("inside", {}, trace.setSpan(ROOT_CONTEXT, root)).end();
    expect(works).toEqual([]);
  });

  it("counts a span whose parent is in another process as outermost", () => {
    const { tracer, works } = setUp();
    const remote = {
      traceId: "1".repeat(32),
      spanId: "1".repeat(16),
      traceFlags: TraceFlags.SAMPLED,
      isRemote: true,
    };
    tracer.startSpan("request", {}, trace.setSpanContext(ROOT_CONTEXT, remote)).end();
    expect(works).toHaveLength(1);
  });

  it("may throw", () => {
    const { tracer } = setUp(() => {
      throw new Error("the request is over");
    });
    expect(() => tracer.startSpan("request").end()).not.toThrow();
  });
});
