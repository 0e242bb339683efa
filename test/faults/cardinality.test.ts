import { randomUUID } from "node:crypto";
import type { Attributes } from "@opentelemetry/api";
import { JsonMetricsSerializer } from "@opentelemetry/otlp-transformer";
import type { CollectionResult, MetricData } from "@opentelemetry/sdk-metrics";
import { beforeAll, describe, expect, it } from "vitest";
import { callLog } from "../../src/agent/call-log.ts";
import { agent, recordUsage, tool } from "../../src/index.ts";
import { agentMetrics } from "../../src/pipeline/agent-metrics.ts";
import type { CallRecord } from "../../src/telemetry/call-record.ts";
import { callsByName } from "../naive/cardinality-by-name.ts";

const CALLS = 1_000_000;
const MOST_SERIES = 2_000;
const MOST_LABEL = 128;
const MOST_BYTES = 2 ** 20;

/** One agent with a model call and a tool, all with names that come once; every tenth name is an id. */
function call(i: number): void {
  const name = i % 10 === 0 ? `writer-${randomUUID()}` : `writer ${i}`;
  const search = tool(`search ${i}`, () => i);
  agent(name, () => {
    recordUsage({ model: "gpt-5", provider: "openai", inputTokens: 7, outputTokens: 3, costUsd: 0.001 });
    return search();
  })();
}

function metricsOf({ resourceMetrics }: CollectionResult): readonly MetricData[] {
  return resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
}

function labelsOf(metrics: readonly MetricData[]): readonly Attributes[] {
  return metrics.flatMap(({ dataPoints }) => [...dataPoints].map(({ attributes }) => attributes));
}

/** What its points have in all: counts of a histogram, sums of a counter. */
function totalOf(metrics: readonly MetricData[], name: string): number {
  const points = metrics.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [];
  return points.reduce((sum, { value }) => sum + (typeof value === "number" ? value : value.count), 0);
}

describe(`${CALLS.toLocaleString("en-US")} distinct names of agents and tools`, () => {
  let collected: CollectionResult;
  let metrics: readonly MetricData[];
  let lastRecord: CallRecord | undefined;
  beforeAll(async () => {
    const producer = agentMetrics();
    const stop = callLog.subscribe((record) => {
      lastRecord = record;
    });
    for (let i = 0; i < CALLS; i++) call(i);
    stop();
    collected = await producer.collect();
    metrics = metricsOf(collected);
    const series = metrics.map(({ dataPoints }) => dataPoints.length);
    console.log(
      `${CALLS} names: ${metrics.length} instruments with at most ${Math.max(...series)} series each, ` +
        `${series.reduce((a, b) => a + b)} in all, ${bytesOf(collected)} bytes of OTLP/JSON`,
    );
  }, 300_000);

  it(`make at most ${MOST_SERIES} series of each instrument`, () => {
    expect(metrics.length).toBeGreaterThan(5);
    for (const { descriptor, dataPoints } of metrics)
      expect(dataPoints.length, descriptor.name).toBeLessThanOrEqual(MOST_SERIES);
  });

  it("leave all totals exact", () => {
    expect(totalOf(metrics, "gen_ai.invoke_agent.duration")).toBe(CALLS);
    expect(totalOf(metrics, "gen_ai.client.inference.usage.input_tokens")).toBe(7 * CALLS);
    expect(totalOf(metrics, "gen_ai.execute_tool.duration")).toBe(CALLS);
  });

  it(`keep what is exported at once below ${MOST_BYTES} bytes`, () => {
    expect(bytesOf(collected)).toBeLessThanOrEqual(MOST_BYTES);
  });

  it("have no id among the labels, and the rest under _OTHER", () => {
    const agents = labelsOf(metrics).map((labels) => String(labels["gen_ai.agent.name"]));
    expect(agents.filter((name) => /[0-9a-f]{8}-/.test(name))).toEqual([]);
    expect(agents).toContain("_OTHER");
  });

  it(`have labels of at most ${MOST_LABEL} characters, also where others made the span`, async () => {
    const producer = agentMetrics();
    const long = "x".repeat(4_000);
    callLog.publish({ ...lastRecord!, operation: "invoke_agent", agent: long, caller: long, durationMs: 1 });
    callLog.publish({ ...lastRecord!, operation: "execute_tool", tool: long, agent: long, durationMs: 1 });
    const all = [...metrics, ...metricsOf(await producer.collect())];
    const labels = labelsOf(all).flatMap((each) => Object.values(each));
    expect(Math.max(...labels.map((label) => String(label).length))).toBe(MOST_LABEL);
  });
});

describe("a series for each name that comes along", () => {
  it("would be seen to be too many", () => {
    const naive = callsByName();
    for (let i = 0; i < CALLS / 10; i++) call(i);
    naive.stop();
    console.log(`the naive control: ${naive.series.size} series for ${CALLS / 10} names`);
    expect(naive.series.size).toBeGreaterThan(MOST_SERIES);
  });
});

function bytesOf({ resourceMetrics }: CollectionResult): number {
  return JsonMetricsSerializer.serializeRequest(resourceMetrics)?.length ?? 0;
}
