import type { Attributes } from "@opentelemetry/api";
import type { CollectionResult, MetricData } from "@opentelemetry/sdk-metrics";
import { afterAll, beforeAll } from "vitest";
import { agentMetrics } from "../../src/pipeline/agent-metrics.ts";
import type { TraceSpan } from "../../src/telemetry/trace-span.ts";

/** Sum of an attribute over spans, as a back end adds up a trace. */
export function summed(spans: readonly TraceSpan[], attribute: string): number {
  return spans.reduce((sum, { attributes }) => sum + Number(attributes[attribute] ?? 0), 0);
}

/** The spans that are calls to who counts calls: those with a GenAI operation of a model. */
export function modelCalls(spans: readonly TraceSpan[]): readonly TraceSpan[] {
  return spans.filter(({ attributes }) =>
    ["chat", "embeddings", "generate_content"].includes(String(attributes["gen_ai.operation.name"])),
  );
}

export interface Series {
  readonly attributes: Attributes;
  /** Of a histogram its count. */
  readonly value: number;
}

export interface SeenMetrics {
  /** The series of a metric now. */
  read(name: string): Promise<readonly Series[]>;
  /** All series of it, added up. */
  total(name: string): Promise<number>;
  all(): Promise<readonly MetricData[]>;
}

/** What a metric reader of the user would get, counted from before the first test of the file. */
export function watchMetrics(): SeenMetrics {
  let collect: () => Promise<CollectionResult>;
  beforeAll(() => {
    const producer = agentMetrics();
    collect = () => producer.collect();
  });
  afterAll(() => {
    collect = () => Promise.reject(new Error("the tests are over"));
  });
  const all = async (): Promise<readonly MetricData[]> =>
    (await collect()).resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
  const read = async (name: string): Promise<readonly Series[]> => {
    const found = (await all()).find(({ descriptor }) => descriptor.name === name);
    return (found?.dataPoints ?? []).map(({ attributes, value }) => ({
      attributes,
      value: typeof value === "number" ? value : value.count,
    }));
  };
  return { all, read, total: async (name) => (await read(name)).reduce((sum, { value }) => sum + value, 0) };
}
