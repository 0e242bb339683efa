import { trace } from "@opentelemetry/api";
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace";
import { describe, expect, it, onTestFinished } from "vitest";
import { agent, chat } from "../../../src/index.ts";
import { agentSpanProcessor } from "../../../src/pipeline/agent-span-processor.ts";
import type { SemconvGeneration } from "../../../src/pipeline/semconv/generation.ts";
import { semconvProcessor } from "../../../src/pipeline/semconv/semconv-processor.ts";
import { SpanRecorder } from "../../../src/testing/span-recorder.ts";
import { counted } from "../../server/telemetry-store/counted.ts";

const CACHE_WRITE = "gen_ai.usage.cache_write.input_tokens";
const CACHE_CREATION = "gen_ai.usage.cache_creation.input_tokens";

/** An SDK of the program's own that exports in the names of a generation. */
function exporting(generation: SemconvGeneration) {
  const exporter = new InMemorySpanExporter();
  const processor = semconvProcessor(generation, new SimpleSpanProcessor({ exporter }));
  const recorder = new SpanRecorder({ spanProcessors: [agentSpanProcessor(), processor] });
  onTestFinished(() => recorder.stop());
  return { recorder, exported: () => exporter.getFinishedSpans() as readonly ReadableSpan[] };
}

const usage = { input: 1_000, output: 50, cacheRead: 300, cacheWrite5m: 200 };

function work(): Promise<void> {
  const ask = async () =>
    chat({ provider: "anthropic", model: "claude-haiku-4-5" }, async (call) => call.usage(usage));
  return agent("writer", ask)();
}

function modelCall(spans: readonly ReadableSpan[]): ReadableSpan {
  return spans.find(({ name }) => name.startsWith("chat "))!;
}

describe("names of another generation", () => {
  it("cost nothing where the newest are asked for: the processor is the one that was given", () => {
    const processor = new SimpleSpanProcessor({ exporter: new InMemorySpanExporter() });
    expect(semconvProcessor("latest", processor)).toBe(processor);
  });

  it.each<readonly [SemconvGeneration, object]>([
    ["latest", { [CACHE_WRITE]: 200 }],
    ["v1.41", { [CACHE_CREATION]: 200 }],
    ["dup", { [CACHE_WRITE]: 200, [CACHE_CREATION]: 200 }],
  ])("stand on exported spans: %s", async (generation, expected) => {
    const { exported } = exporting(generation);
    await work();
    const { attributes } = modelCall(exported());
    const cached = Object.entries(attributes).filter(([name]) => /cache_(write|creation)/.test(name));
    expect(Object.fromEntries(cached)).toEqual(expected);
    expect(attributes).toMatchObject({ "gen_ai.usage.input_tokens": 1_000, "gen_ai.agent.name": "writer" });
  });

  it("leave the span as it is for all other processors", async () => {
    const { recorder, exported } = exporting("v1.41");
    await work();
    const span = recorder.get("chat claude-haiku-4-5");
    expect(span.attributes).toMatchObject({ [CACHE_WRITE]: 200 });
    expect(span.attributes).not.toHaveProperty(CACHE_CREATION);
    const { attributes: _, ...rest } = modelCall(exported());
    expect(rest).toMatchObject({ name: span.name, kind: span.kind, status: span.status, ended: true });
  });

  it("export a span without such a name as it is, and hand over what a library says under the older name", async () => {
    const { exported } = exporting("v1.41");
    const started = { attributes: { [CACHE_CREATION]: 7, [CACHE_WRITE]: 9 } };
    const tracer = trace.getTracer("another");
    tracer.startSpan("theirs", started).end();
    tracer.startSpan("plain").end();
    const [theirs, plain] = exported();
    expect(theirs!.attributes).toEqual({ [CACHE_CREATION]: 7 });
    expect(plain!.constructor.name).toBe("SpanImpl");
  });

  it("reach shutdown, flush and start of the processor", async () => {
    const asked: string[] = [];
    const processor: SpanProcessor = {
      onStart: () => void asked.push("start"),
      onEnding: () => void asked.push("ending"),
      onEnd: () => void asked.push("end"),
      forceFlush: async () => void asked.push("flush"),
      shutdown: async () => void asked.push("shutdown"),
    };
    const wrapped = semconvProcessor("dup", processor);
    const recorder = new SpanRecorder({ spanProcessors: [wrapped] });
    onTestFinished(() => recorder.stop());
    trace.getTracer("another").startSpan("plain").end();
    await wrapped.forceFlush();
    await wrapped.shutdown();
    expect(asked).toEqual(["start", "ending", "end", "flush", "shutdown"]);
  });

  it.each<SemconvGeneration>(["latest", "v1.41", "dup"])(
    "are counted once by the local server, with all tokens and the cost: %s",
    async (generation) => {
      const { exported } = exporting(generation);
      await work();
      const { records } = await counted([exported()]);
      const calls = records.filter(({ operation }) => operation === "chat");
      expect(calls).toMatchObject([
        {
          agent: "writer",
          inputTokens: 1_000,
          outputTokens: 50,
          cacheReadTokens: 300,
          cacheWriteTokens: 200,
        },
      ]);
      // 500 plain at 1, 300 read at 0.1, 200 written at 1.25, 50 out at 5 dollars a million.
      expect(calls[0]!.costNanoUsd).toBe(500_000 + 30_000 + 250_000 + 250_000);
    },
  );

  it("are refused where there is no such generation", () => {
    const processor = new SimpleSpanProcessor({ exporter: new InMemorySpanExporter() });
    expect(() => semconvProcessor("v1.36" as SemconvGeneration, processor)).toThrow(
      new TypeError('semconvProcessor: generation must be one of latest, v1.41, dup, got "v1.36"'),
    );
  });
});
