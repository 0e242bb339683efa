import type { Attributes } from "@opentelemetry/api";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CallFacts, callRecord } from "../../src/agent/call-record.ts";

const FACTS: CallFacts = {
  startMs: 1_000,
  durationMs: 5,
  failed: false,
  traceId: "t",
  spanId: "s",
  ownToolCalls: 3,
};
const record = (attributes: Attributes, facts: Partial<CallFacts> = {}) =>
  callRecord(attributes, { ...FACTS, ...facts });
const chat = { "gen_ai.operation.name": "chat" };
const invoked = { "gen_ai.operation.name": "invoke_agent" };

describe("callRecord", () => {
  it("is nothing for a span that is no GenAI operation", () => {
    expect(record({})).toBeUndefined();
    expect(record({ "gen_ai.operation.name": "create_agent" })).toBeUndefined();
    expect(record({ "http.request.method": "POST" })).toBeUndefined();
  });

  it("reads names, usage and cost of a model call", () => {
    const made = record({
      ...chat,
      "gen_ai.agent.name": "a",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "m",
      "gen_ai.response.model": "m-1",
      "gen_ai.usage.input_tokens": 10,
      "gen_ai.usage.output_tokens": 5,
      "gen_ai.usage.cache_read.input_tokens": 0,
      "gen_ai.usage.cost.amount": 0.000_000_001,
      "gen_ai.usage.cost.source": "local",
    });
    expect(made).toMatchObject({
      operation: "chat",
      agent: "a",
      provider: "openai",
      requestModel: "m",
      responseModel: "m-1",
      inputTokens: 10,
      outputTokens: 5,
      cacheReadTokens: 0,
      cacheWriteTokens: undefined,
      costNanoUsd: 1,
      costSource: "local",
      startMs: 1_000,
      durationMs: 5,
      traceId: "t",
      spanId: "s",
    });
  });

  it("takes no usage and no cost from an agent, so that no sum counts twice", () => {
    const made = record({ ...invoked, "gen_ai.usage.input_tokens": 10, "gen_ai.usage.cost.amount": 1 });
    expect([made?.inputTokens, made?.costNanoUsd]).toEqual([undefined, undefined]);
  });

  it("takes totals from agents and none from model calls", () => {
    const totals = { "agents.own.calls": 1, "agents.own.tokens": 10, "agents.own.cost": 0.5 };
    expect(record({ ...invoked, ...totals })?.own).toEqual({
      calls: 1,
      tokens: 10,
      costNanoUsd: 500_000_000,
    });
    expect(record({ ...chat, ...totals })?.own).toBeUndefined();
  });

  it.each([
    ["invoke_agent", 3],
    ["invoke_workflow", 3],
    ["chat", undefined],
    ["execute_tool", undefined],
    ["plan", undefined],
  ])("of %s has the count of own tool calls %s", (operation, count) => {
    expect(record({ "gen_ai.operation.name": operation })?.ownToolCalls).toBe(count);
  });

  it("has the span's error type, or _OTHER where a failed span has none", () => {
    expect(record(chat, { failed: true })?.errorType).toBe("_OTHER");
    expect(record({ ...chat, "error.type": "Timeout" }, { failed: true })?.errorType).toBe("Timeout");
    expect(record(chat)?.errorType).toBeUndefined();
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "10", true])(
    "does not believe a token count of %s",
    (count) => {
      expect(record({ ...chat, "gen_ai.usage.input_tokens": count })?.inputTokens).toBeUndefined();
    },
  );

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, "1"])("does not believe a cost of %s", (amount) => {
    expect(record({ ...chat, "gen_ai.usage.cost.amount": amount })?.costNanoUsd).toBeUndefined();
  });

  it("gives back every whole number of nano-dollars, up to a million dollars", () => {
    fc.assert(
      fc.property(
        fc.nat(Number.MAX_SAFE_INTEGER).map((n) => n % 1e15),
        (nanoUsd) => {
          expect(record({ ...chat, "gen_ai.usage.cost.amount": nanoUsd / 1e9 })?.costNanoUsd).toBe(nanoUsd);
        },
      ),
    );
  });

  it("takes any bag of attributes without throwing", () => {
    const value = fc.oneof(
      fc.string(),
      fc.double(),
      fc.boolean(),
      fc.array(fc.string()),
      fc.constant(undefined),
    );
    const names = fc.constantFrom(
      "gen_ai.agent.name",
      "gen_ai.caller.type",
      "error.type",
      "agents.own.calls",
      "gen_ai.usage.cost.amount",
    );
    const operation = fc.constantFrom("chat", "invoke_agent", "nonsense");
    fc.assert(
      fc.property(operation, fc.dictionary(names, value), (name, bag) => {
        const made = record({ ...bag, "gen_ai.operation.name": name } as Attributes);
        expect(made === undefined).toBe(name === "nonsense");
      }),
    );
  });
});
