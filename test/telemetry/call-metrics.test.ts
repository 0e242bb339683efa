import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CallRecord } from "../../src/index.ts";
import { CallMetrics } from "../../src/telemetry/call-metrics/call-metrics.ts";
import type { Instrument } from "../../src/telemetry/call-metrics/instrument.ts";
import {
  BUCKETS_AGENT_SECONDS,
  BUCKETS_CLIENT_SECONDS,
  BUCKETS_TOKENS,
} from "../../src/telemetry/semconv.ts";

const NOTHING: CallRecord = {
  operation: "chat",
  agent: undefined,
  callerType: undefined,
  caller: undefined,
  workflow: undefined,
  tool: undefined,
  conversation: undefined,
  provider: undefined,
  requestModel: undefined,
  responseModel: undefined,
  inputTokens: undefined,
  outputTokens: undefined,
  cacheReadTokens: undefined,
  cacheWriteTokens: undefined,
  reasoningTokens: undefined,
  costNanoUsd: undefined,
  costSource: undefined,
  startMs: 0,
  timeToFirstChunk: undefined,
  chunkGaps: undefined,
  durationMs: undefined,
  errorType: undefined,
  traceId: undefined,
  spanId: undefined,
  own: undefined,
  subtree: undefined,
  ownToolCalls: undefined,
};

const CHAT: CallRecord = {
  ...NOTHING,
  agent: "researcher",
  provider: "openai",
  requestModel: "gpt-5",
  durationMs: 1_500,
  inputTokens: 100,
  outputTokens: 40,
};

function collected(...records: readonly CallRecord[]): readonly Instrument[] {
  const metrics = new CallMetrics();
  for (const record of records) metrics.record(record);
  return metrics.collect();
}

function sumOf(instruments: readonly Instrument[], name: string): number {
  const instrument = instruments.find((each) => each.name === name);
  if (instrument?.kind !== "counter") return 0;
  return instrument.points.reduce((sum, { value }) => sum + value, 0);
}

const recordArbitrary: fc.Arbitrary<CallRecord> = fc.record({
  ...Object.fromEntries(Object.entries(NOTHING).map(([key, value]) => [key, fc.constant(value)])),
  agent: fc.string(),
  provider: fc.constantFrom("openai", "anthropic"),
  requestModel: fc.string(),
  inputTokens: fc.nat(1_000_000),
  outputTokens: fc.nat(1_000_000),
  costNanoUsd: fc.option(fc.nat(2_000_000_000), { nil: undefined }),
  durationMs: fc.integer({ min: 0, max: 100_000 }),
}) as fc.Arbitrary<CallRecord>;

describe("call metrics", () => {
  it("have the names, units and labels of the conventions, for a model call", () => {
    const labels = {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-5",
      "gen_ai.agent.name": "researcher",
    };
    const counted = { ...labels, "gen_ai.token.modality": "unknown" };
    const all = collected({ ...CHAT, cacheReadTokens: 60, reasoningTokens: 20, costNanoUsd: 34_500 });
    expect(all.map(({ name, unit, kind, points }) => [name, unit, kind, points[0]?.attributes])).toEqual([
      ["gen_ai.client.inference.duration", "s", "histogram", labels],
      ["gen_ai.client.inference.usage.input_tokens", "{token}", "counter", counted],
      ["gen_ai.client.inference.usage.output_tokens", "{token}", "counter", counted],
      ["gen_ai.client.inference.usage.cache_read.input_tokens", "{token}", "counter", counted],
      ["gen_ai.client.inference.usage.reasoning.output_tokens", "{token}", "counter", counted],
      ["gen_ai.client.inference.operation.input_tokens", "{token}", "histogram", labels],
      ["gen_ai.client.inference.operation.output_tokens", "{token}", "histogram", labels],
      ["agents.cost", "{USD}", "counter", labels],
    ]);
  });

  it("have the buckets of the conventions", () => {
    const agentCall: CallRecord = { ...NOTHING, operation: "invoke_agent", agent: "a", durationMs: 1 };
    const buckets = collected(CHAT, agentCall).flatMap((each) =>
      each.kind === "histogram" ? [[each.name, each.points[0]?.cell.boundaries]] : [],
    );
    expect(buckets).toEqual([
      ["gen_ai.invoke_agent.duration", BUCKETS_AGENT_SECONDS],
      ["gen_ai.client.inference.duration", BUCKETS_CLIENT_SECONDS],
      ["gen_ai.client.inference.operation.input_tokens", BUCKETS_TOKENS],
      ["gen_ai.client.inference.operation.output_tokens", BUCKETS_TOKENS],
    ]);
  });

  it("put a value that equals a boundary into the bucket below it, in seconds", () => {
    const [duration] = collected({ ...CHAT, durationMs: 10 }, { ...CHAT, durationMs: 10.1 });
    const counts = duration?.kind === "histogram" ? duration.points[0]?.cell.counts : undefined;
    expect(counts?.slice(0, 3)).toEqual([1, 1, 0]);
  });

  it("show every edge of the graph: caller, agent and error", () => {
    const call: CallRecord = { ...NOTHING, operation: "invoke_agent", agent: "b", durationMs: 1 };
    const [edges] = collected(call, { ...call, callerType: "agent", caller: "a", errorType: "TypeError" });
    expect(edges?.points.map(({ attributes }) => attributes)).toEqual([
      { "gen_ai.agent.name": "b" },
      {
        "gen_ai.caller.type": "agent",
        "gen_ai.caller.name": "a",
        "gen_ai.agent.name": "b",
        "error.type": "TypeError",
      },
    ]);
  });

  it("count a call with usage and without a price, and only such a one, as unpriced", () => {
    const calls = collected(
      CHAT,
      { ...CHAT, costNanoUsd: 0 },
      { ...CHAT, inputTokens: undefined, outputTokens: undefined },
    );
    expect(sumOf(calls, "agents.cost.unpriced")).toBe(1);
  });

  const run: CallRecord = { ...NOTHING, operation: "invoke_agent", agent: "writer", durationMs: 1 };
  const totals = (costNanoUsd: number) => ({ calls: 1, tokens: 10, costNanoUsd });

  it("split the cost of an agent by who called it", () => {
    const all = collected(
      { ...run, own: totals(1_000), subtree: totals(9_000) },
      { ...run, callerType: "agent", caller: "planner", own: totals(2_000), subtree: totals(2_000) },
    );
    const cost = all.find(({ name }) => name === "agents.invocation.cost");
    expect(cost?.kind === "counter" && cost.points).toEqual([
      { attributes: { "gen_ai.agent.name": "writer" }, value: 1e-6 },
      {
        attributes: {
          "gen_ai.caller.type": "agent",
          "gen_ai.caller.name": "planner",
          "gen_ai.agent.name": "writer",
        },
        value: 2e-6,
      },
    ]);
  });

  it("give a workflow the cost of everything below it", () => {
    const workflow: CallRecord = {
      ...NOTHING,
      operation: "invoke_workflow",
      workflow: "ticket",
      durationMs: 1,
    };
    const all = collected({ ...workflow, own: totals(1_000), subtree: totals(9_000) });
    const cost = all.find(({ name }) => name === "agents.workflow.cost");
    expect(cost?.kind === "counter" && cost.points).toEqual([
      { attributes: { "gen_ai.workflow.name": "ticket" }, value: 9e-6 },
    ]);
  });

  it("do not say what an agent cost whose calls nobody added up", () => {
    expect(collected(run).map(({ name }) => name)).toEqual(["gen_ai.invoke_agent.duration"]);
  });

  it("keep tokens and cost exact, whatever the labels", () => {
    fc.assert(
      fc.property(fc.array(recordArbitrary, { maxLength: 200 }), (records) => {
        const all = collected(...records);
        const exact = (pick: (record: CallRecord) => number | undefined): number =>
          records.reduce((sum, record) => sum + (pick(record) ?? 0), 0);
        expect(sumOf(all, "gen_ai.client.inference.usage.input_tokens")).toBe(exact((r) => r.inputTokens));
        const nanoUsd = all
          .flatMap((each) => (each.name === "agents.cost" && each.kind === "counter" ? each.points : []))
          .reduce((sum, { value }) => sum + Math.round(value * 1e9), 0);
        expect(nanoUsd).toBe(exact((r) => r.costNanoUsd));
      }),
    );
  });

  it("keep totals exact and their number bounded past the cap, also for hostile labels", () => {
    const metrics = new CallMetrics();
    for (let i = 0; i < 20_000; i++) {
      metrics.record({
        ...CHAT,
        agent: `agent-${i}`,
        provider: `p-${i}`,
        requestModel: `m-${i % 999}`,
        errorType: `E${i}`,
      });
      metrics.record({
        ...NOTHING,
        operation: "invoke_agent",
        agent: "a",
        durationMs: 1,
        errorType: `E${i}`,
      });
    }
    const all = metrics.collect();
    expect(sumOf(all, "gen_ai.client.inference.usage.input_tokens")).toBe(2_000_000);
    for (const { name, points } of all) expect(points.length, name).toBeLessThan(2_000);
    const [duration] = all;
    const counted = duration?.kind === "histogram" ? duration.points.map(({ cell }) => cell.count) : [];
    expect(counted.reduce((a, b) => a + b, 0)).toBe(20_000);
  });
});

describe("agents.usage.unknown", () => {
  const WITHOUT: CallRecord = { ...CHAT, inputTokens: undefined, outputTokens: undefined };

  it("counts model calls that succeeded without usage", () => {
    expect(sumOf(collected(WITHOUT, CHAT, WITHOUT), "agents.usage.unknown")).toBe(2);
  });

  it("leaves out calls that failed", () => {
    expect(sumOf(collected({ ...WITHOUT, errorType: "RateLimitError" }), "agents.usage.unknown")).toBe(0);
  });
});
