import { type Attributes, trace } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { TraceIdRatioBasedSampler } from "@opentelemetry/sdk-trace";
import { describe, expect, it } from "vitest";
import { agent, recordUsage, tool } from "../../src/index.ts";
import { type AgentMetricsOptions, agentMetrics } from "../../src/pipeline/agent-metrics.ts";
import { agentSpanProcessor } from "../../src/pipeline/agent-span-processor.ts";
import { alwaysRecord } from "../../src/pipeline/always-record.ts";
import { SpanRecorder } from "../../src/testing/span-recorder.ts";

/** mulberry32: the same numbers for the same seed, on every machine. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function foreignChat(attributes: Attributes): void {
  trace.getTracer("another").startSpan("chat", { attributes }).end();
}

/** Agents that call models and tools, ours and foreign ones, and sometimes fail. */
function workload(calls: number): void {
  const random = seeded(7);
  const search = tool("search", () => 1);
  for (let i = 0; i < calls; i++) {
    const tokens = { inputTokens: 1 + random(5_000), outputTokens: random(900) };
    const model = ["gpt-4o-mini", "gpt-5", "nobody-knows-me"][random(3)]!;
    const work = agent(`agent-${random(5)}`, () => {
      if (random(2) === 0) search();
      if (random(2) === 0) recordUsage({ provider: "openai", model, ...tokens });
      else
        foreignChat({
          "gen_ai.operation.name": "chat",
          "gen_ai.provider.name": "openai",
          "gen_ai.request.model": model,
          "gen_ai.usage.input_tokens": tokens.inputTokens,
          "gen_ai.usage.output_tokens": tokens.outputTokens,
        });
      if (random(4) === 0) throw new RangeError("odd");
    });
    try {
      agent("chief", () => work())();
    } catch {
      // The workload fails now and then, on purpose.
    }
  }
}

/** A real reader with a producer in it. */
function collector(options: AgentMetricsOptions = {}) {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, metricProducers: [agentMetrics(options)] });
  const provider = new MeterProvider({ readers: [reader] });
  return {
    async collect(): Promise<readonly MetricData[]> {
      exporter.reset();
      await provider.forceFlush();
      const [last] = exporter.getMetrics().slice(-1);
      // Health is of the process, with the calls of all tests in it.
      const metrics = last?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
      return metrics.filter(({ descriptor }) => !descriptor.name.startsWith("agents.health."));
    },
    stop: () => provider.shutdown(),
  };
}

/** What does not depend on the clock: sums as they are, of histograms of seconds the count. */
function totals(metrics: readonly MetricData[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { descriptor, dataPoints } of metrics) {
    for (const { attributes, value } of dataPoints) {
      const key = `${descriptor.name} ${JSON.stringify(attributes)}`;
      const number = typeof value === "number" ? value : descriptor.unit === "s" ? value.count : value.sum;
      sums.set(key, (sums.get(key) ?? 0) + (number ?? 0));
    }
  }
  return new Map([...sums].sort());
}

async function totalsAtRatio(ratio: number): Promise<{ totals: Map<string, number>; exported: number }> {
  const recorder = new SpanRecorder({
    sampler: alwaysRecord(new TraceIdRatioBasedSampler(ratio)),
    spanProcessors: [agentSpanProcessor()],
  });
  const { collect, stop } = collector();
  try {
    workload(400);
    const metrics = await collect();
    const sampled = recorder.spans.filter(({ name }) => name === "invoke_agent chief").length;
    return { totals: totals(metrics), exported: sampled };
  } finally {
    recorder.stop();
    await stop();
  }
}

describe("agent metrics", () => {
  it.each([0, 0.1])("are the same at a sampling ratio of %d as at 1", async (ratio) => {
    const all = await totalsAtRatio(1);
    expect((await totalsAtRatio(ratio)).totals).toEqual(all.totals);
    expect(all.totals.size).toBeGreaterThan(50);
  });

  it("are the same where spans are dropped, for calls of our own, without alwaysRecord", async () => {
    const recorder = new SpanRecorder({ sampler: new TraceIdRatioBasedSampler(0) });
    const { collect, stop } = collector();
    agent("chief", () =>
      recordUsage({ model: "gpt-5", provider: "openai", inputTokens: 7, outputTokens: 3 }),
    )();
    expect(recorder.spans).toEqual([]);
    const sums = totals(await collect());
    recorder.stop();
    await stop();
    expect([...sums].filter(([key]) => key.startsWith("gen_ai.client.inference.usage"))).toEqual([
      [expect.stringContaining("input_tokens"), 7],
      [expect.stringContaining("output_tokens"), 3],
    ]);
  });

  it("as deltas add up to the cumulative ones", async () => {
    const cumulative = collector();
    const delta = collector({ temporality: "delta" });
    const sums = new Map<string, number>();
    for (let round = 0; round < 3; round++) {
      workload(50 * (round + 1));
      for (const [key, value] of totals(await delta.collect())) sums.set(key, (sums.get(key) ?? 0) + value);
    }
    const whole = totals(await cumulative.collect());
    await Promise.all([cumulative.stop(), delta.stop()]);
    expect([...sums.keys()].sort()).toEqual([...whole.keys()]);
    for (const [key, value] of whole) expect(sums.get(key), key).toBeCloseTo(value, 9);
  });

  it("as deltas say nothing where nothing happened, and begin where the last ended", async () => {
    const { collect, stop } = collector({ temporality: "delta" });
    workload(1);
    const first = await collect();
    expect(await collect()).toEqual([]);
    workload(1);
    const third = await collect();
    await stop();
    expect(first[0]?.aggregationTemporality).toBe(AggregationTemporality.DELTA);
    const [before] = first[0]?.dataPoints ?? [];
    const [after] = third[0]?.dataPoints ?? [];
    expect(nanos(after?.startTime)).toBeGreaterThanOrEqual(nanos(before?.endTime));
  });

  it("that were handed out do not change afterwards", async () => {
    const { collect, stop } = collector();
    workload(5);
    const given = await collect();
    const before = JSON.stringify(given);
    workload(5);
    await stop();
    expect(JSON.stringify(given)).toBe(before);
  });
});

function nanos([seconds, rest]: readonly [number, number] = [0, 0]): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(rest);
}
