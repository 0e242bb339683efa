import { trace } from "@opentelemetry/api";
import {
  AggregationTemporality,
  DataPointType,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { AlwaysOffSampler } from "@opentelemetry/sdk-trace";
import { describe, expect, it, onTestFinished } from "vitest";
import { recordUsage, workflow } from "../../../src/index.ts";
import { agentMetrics } from "../../../src/pipeline/agent-metrics.ts";
import { agentSpanProcessor } from "../../../src/pipeline/agent-span-processor.ts";
import { alwaysRecord } from "../../../src/pipeline/always-record.ts";
import type { SemconvGeneration } from "../../../src/pipeline/semconv/generation.ts";
import { REPLACED_METRICS } from "../../../src/pipeline/semconv/rename-metrics.ts";
import { SpanRecorder } from "../../../src/testing/span-recorder.ts";

const OLDER = [
  "gen_ai.client.operation.time_per_output_chunk",
  "gen_ai.client.operation.time_to_first_chunk",
  "gen_ai.client.token.usage",
  "gen_ai.workflow.duration",
];

/** Of another instrumentation. */
const EMBEDDINGS = {
  "gen_ai.operation.name": "embeddings",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": "text-embedding-3-small",
  "gen_ai.usage.input_tokens": 7,
};

/** A reader of its own for each, all of which see the same calls; nothing is sampled. */
async function collected(
  generations: readonly SemconvGeneration[],
  work: () => Promise<void>,
  temporality: "cumulative" | "delta" = "cumulative",
): Promise<readonly ReadonlyMap<string, MetricData>[]> {
  const recorder = new SpanRecorder({
    sampler: alwaysRecord(new AlwaysOffSampler()),
    spanProcessors: [agentSpanProcessor()],
  });
  onTestFinished(() => recorder.stop());
  const readers = generations.map((semconv) => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const metricProducers = [agentMetrics({ semconv, temporality })];
    const reader = new PeriodicExportingMetricReader({ exporter, metricProducers });
    const provider = new MeterProvider({ readers: [reader] });
    onTestFinished(() => provider.shutdown());
    return { exporter, provider };
  });
  await work();
  return Promise.all(
    readers.map(async ({ exporter, provider }) => {
      exporter.reset();
      await provider.forceFlush();
      const metrics =
        exporter
          .getMetrics()
          .at(-1)
          ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
      return new Map(metrics.map((metric) => [metric.descriptor.name, metric]));
    }),
  );
}

async function work(): Promise<void> {
  for (let i = 1; i <= 40; i++) {
    const usage = { inputTokens: i * 100, outputTokens: i };
    recordUsage({ provider: "openai", model: "gpt-5", durationMs: i * 10, ...usage });
  }
  trace.getTracer("another").startSpan("embeddings", { attributes: EMBEDDINGS }).end();
  await workflow("report", async () => undefined)();
}

interface Series {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly value: Histogram;
}

function series(metric: MetricData | undefined): readonly Series[] {
  if (metric?.dataPointType !== DataPointType.HISTOGRAM) throw new Error("it is no histogram");
  return metric.dataPoints;
}

describe("metrics in the names of another generation", () => {
  it("are those of v1.41 and nothing that it has another name for", async () => {
    const [metrics] = await collected(["v1.41"], work);
    const names = [...metrics!.keys()];
    expect(names.filter((name) => REPLACED_METRICS.has(name))).toEqual([]);
    expect(names).toEqual(
      expect.arrayContaining([
        "gen_ai.client.operation.duration",
        "gen_ai.client.token.usage",
        "gen_ai.workflow.duration",
      ]),
    );
    expect(names).toContain("agents.cost");
  });

  it("are all of both generations with dup", async () => {
    const [latest, older, both] = await collected(["latest", "v1.41", "dup"], work);
    expect([...both!.keys()].sort()).toEqual([...new Set([...latest!.keys(), ...older!.keys()])].sort());
    expect([...latest!.keys()].filter((name) => OLDER.includes(name))).toEqual([]);
  });

  it.each(["v1.41", "dup"] as const)(
    "count tokens by type to the last one where nothing is sampled: %s",
    async (generation) => {
      const [metrics] = await collected([generation], work);
      const usage = metrics!.get("gen_ai.client.token.usage");
      expect(usage?.descriptor.unit).toBe("{token}");
      const found = series(usage).map(({ attributes, value }) => [
        attributes["gen_ai.operation.name"],
        attributes["gen_ai.token.type"],
        value.count,
        value.sum,
      ]);
      expect(found).toEqual(
        expect.arrayContaining([
          ["chat", "input", 40, 82_000],
          ["chat", "output", 40, 820],
          ["embeddings", "input", 1, 7],
        ]),
      );
      expect(found.every(([, type]) => type === "input" || type === "output")).toBe(true);
    },
  );

  it("have the buckets that v1.41 says", async () => {
    const [metrics] = await collected(["v1.41"], work);
    const [tokens] = series(metrics!.get("gen_ai.client.token.usage"));
    const [seconds] = series(metrics!.get("gen_ai.client.operation.duration"));
    expect(tokens!.value.buckets.boundaries).toEqual(Array.from({ length: 14 }, (_, i) => 4 ** i));
    expect(seconds!.value.buckets.boundaries).toEqual(Array.from({ length: 14 }, (_, i) => 2 ** i / 100));
  });

  it("have model calls and embeddings in one duration, each once", async () => {
    const [metrics] = await collected(["dup"], work);
    const counts = series(metrics!.get("gen_ai.client.operation.duration")).map(({ attributes, value }) => [
      attributes["gen_ai.operation.name"],
      value.count,
    ]);
    expect(counts.sort()).toEqual([
      ["chat", 40],
      ["embeddings", 1],
    ]);
    expect(series(metrics!.get("gen_ai.client.inference.duration"))).toHaveLength(1);
  });

  it("begin anew with each collection where a reader wants what happened since", async () => {
    const [metrics] = await collected(["v1.41"], work, "delta");
    const input = series(metrics!.get("gen_ai.client.token.usage")).filter(
      ({ attributes }) => attributes["gen_ai.token.type"] === "input",
    );
    expect(input.reduce((sum, { value }) => sum + (value.sum ?? 0), 0)).toBe(82_007);
  });

  it("are refused where there is no such generation", () => {
    expect(() => agentMetrics({ semconv: "v1.36" as SemconvGeneration })).toThrow(
      new TypeError('agentMetrics: semconv must be one of latest, v1.41, dup, got "v1.36"'),
    );
  });
});
