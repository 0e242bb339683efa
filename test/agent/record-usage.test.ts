import { describe, expect, it } from "vitest";
import { agent, recordUsage, type UsageReport } from "../../src/index.ts";
import { watch } from "./support.ts";

const seen = watch();
const REPORT: UsageReport = {
  model: "test-model",
  provider: "openai",
  inputTokens: 10,
  outputTokens: 5,
  costUsd: 1,
};

describe("recordUsage", () => {
  it("makes a chat span booked on the agent at work", () => {
    agent("worker", () => recordUsage({ ...REPORT, responseId: "r9" }))();
    seen.spans.get("chat test-model", {
      parent: seen.spans.get("invoke_agent worker"),
      attributes: {
        "gen_ai.agent.name": "worker",
        "gen_ai.provider.name": "openai",
        "gen_ai.response.id": "r9",
        "gen_ai.usage.cost.amount": 1,
      },
    });
  });

  it("books on the agent it names, without one at work", () => {
    recordUsage({ ...REPORT, agent: "offline" });
    expect(seen.records.map((record) => record.agent)).toEqual(["offline"]);
  });

  it("puts the call's duration before now on span and record", () => {
    const before = Date.now();
    recordUsage({ ...REPORT, durationMs: 2_500 });
    const span = seen.spans.get("chat test-model");
    expect(span.endNs! - span.startNs).toBe(2_500_000_000n);
    expect(seen.records[0]?.durationMs).toBe(2_500);
    expect(Math.abs(Number(span.startNs / 1_000_000n) - (before - 2_500))).toBeLessThan(1_000);
  });

  it("gives no duration where none is known", () => {
    recordUsage(REPORT);
    expect(seen.records[0]?.durationMs).toBeUndefined();
  });

  it("finds the provider of a model that the price table knows", () => {
    recordUsage({ model: "gpt-4o", inputTokens: 1, outputTokens: 1 });
    expect(seen.records[0]).toMatchObject({ provider: "openai", costSource: "local" });
  });

  const bad: [keyof UsageReport, unknown][] = [
    ["inputTokens", -1],
    ["inputTokens", 1.5],
    ["inputTokens", Number.NaN],
    ["inputTokens", "10"],
    ["inputTokens", undefined],
    ["outputTokens", Number.POSITIVE_INFINITY],
    ["cacheReadTokens", 11],
    ["cacheReadTokens", -2],
    ["cacheWriteTokens", 0.5],
    ["cacheWrite1hTokens", 11],
    ["reasoningTokens", 6],
    ["durationMs", -1],
    ["durationMs", Number.NaN],
    ["costUsd", Number.POSITIVE_INFINITY],
    ["costUsd", "1"],
  ];
  it.each(bad)("refuses %s of %s with a RangeError that names both, and records nothing", (option, value) => {
    const report = { ...REPORT, [option]: value } as UsageReport;
    expect(() => recordUsage(report)).toThrow(RangeError);
    expect(() => recordUsage(report)).toThrow(new RegExp(`^recordUsage: ${option} .*got ${String(value)}`));
    expect([seen.records, seen.spans.open, seen.spans.spans]).toEqual([[], [], []]);
  });
});
