import { trace } from "@opentelemetry/api";
import { TraceIdRatioBasedSampler } from "@opentelemetry/sdk-trace";
import { expect, it } from "vitest";
import { agent, tool } from "../../src/index.ts";
import { agentMetrics } from "../../src/pipeline/agent-metrics.ts";
import { agentSpanProcessor } from "../../src/pipeline/agent-span-processor.ts";
import { alwaysRecord } from "../../src/pipeline/always-record.ts";
import type { TraceSpan } from "../../src/telemetry/trace-span.ts";
import { scriptedProvider } from "../../src/testing/index.ts";
import { SpanRecorder } from "../../src/testing/span-recorder.ts";
import { chatRequest, clientsOf } from "../instrumentation/support.ts";
import { summed } from "./support.ts";

// Cost and tokens that are added up from spans are wrong as soon as some spans are dropped.

const RUNS = 60;
const COST = "gen_ai.usage.cost.amount";

/** A call that another instrumentation tells of, whose span the sampler sees too. */
function foreignCall(): void {
  const attributes = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o-mini",
    "gen_ai.usage.input_tokens": 10,
    "gen_ai.usage.output_tokens": 5,
  };
  trace.getTracer("another").startSpan("chat", { attributes }).end();
}

/** @returns What the metrics say after the same sixty runs, and the spans that were kept. */
async function at(ratio: number): Promise<{ sums: Record<string, number>; kept: readonly TraceSpan[] }> {
  const sampled: string[] = [];
  const recorder = new SpanRecorder({
    sampler: alwaysRecord(new TraceIdRatioBasedSampler(ratio)),
    spanProcessors: [
      agentSpanProcessor(),
      {
        onStart: () => {},
        onEnd: (span) =>
          void (span.spanContext().traceFlags === 1 && sampled.push(span.spanContext().spanId)),
        forceFlush: async () => {},
        shutdown: async () => {},
      },
    ],
  });
  const producer = agentMetrics();
  await using provider = await scriptedProvider({
    respond: ({ sequence }) =>
      sequence % 10 === 9 ? { fail: { status: 400 } } : { usage: { input: 1_000, output: 77 } },
  });
  const { openai } = clientsOf(provider);
  const search = tool("search", () => 1);
  const write = agent("writer", async () => {
    search();
    foreignCall();
    await openai.chat.completions.create(chatRequest);
  });
  for (let run = 0; run < RUNS; run++) await write().catch(() => {});
  const { resourceMetrics } = await producer.collect();
  const sums = resourceMetrics.scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .filter(({ descriptor }) => /^(gen_ai\.|agents\.cost)/.test(descriptor.name))
    .flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes, value }): [string, number] => [
        `${descriptor.name} ${JSON.stringify(attributes)}`,
        typeof value === "number" ? value : value.count,
      ]),
    );
  const kept = recorder.spans.filter(({ spanId }) => sampled.includes(spanId));
  recorder.stop();
  return { sums: Object.fromEntries(sums), kept };
}

it("the metrics say the same with no trace kept, a tenth of them and all", async () => {
  const [none, tenth, all] = [await at(0), await at(0.1), await at(1)];
  expect(none.sums).toEqual(all.sums);
  expect(tenth.sums).toEqual(all.sums);
  const [cost] = Object.entries(all.sums).filter(([name]) => name.startsWith("agents.cost "));
  expect(cost?.[1]).toBeCloseTo(summed(all.kept, COST), 9);
  expect([none.kept.length, all.kept.length]).toEqual([0, 4 * RUNS]);
  // What would be seen to be wrong: the sum over the spans that are kept.
  expect(summed(tenth.kept, COST)).toBeLessThan(summed(all.kept, COST) / 2);
});
