import { type Attributes, context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { agent, conversation } from "../../src/index.ts";
import { agentSpanProcessor } from "../../src/pipeline/agent-span-processor.ts";
import { watch } from "../agent/support.ts";
import { CHAT, COST_NANO_USD, foreign } from "../instrumentation/foreign-spans.ts";
import { watchRecords } from "../instrumentation/records.ts";

const told = watch({ spanProcessors: [agentSpanProcessor()] });
const records = watchRecords();

const OLD_CHAT: Attributes = {
  "gen_ai.operation.name": "chat",
  "gen_ai.system": "openai",
  "gen_ai.request.model": "gpt-4o-mini",
  "gen_ai.usage.prompt_tokens": 100,
  "gen_ai.usage.completion_tokens": 40,
};

describe("a model span of another instrumentation", () => {
  it("gets the agent at work, and its cost", () => {
    agent("researcher", () => foreign("chat", CHAT))();
    told.spans.get("chat", {
      attributes: {
        ...CHAT,
        "gen_ai.agent.name": "researcher",
        "gen_ai.usage.cost.amount": 0.000039,
        "gen_ai.usage.cost.currency": "USD",
        "gen_ai.usage.cost.source": "local",
      },
    });
  });

  it("gets the conversation", () => {
    conversation("c-1", () => foreign("chat", CHAT));
    told.spans.get("chat", { attributes: { "gen_ai.conversation.id": "c-1" } });
  });

  it("adds to the totals of the agents around it, once", () => {
    const inner = agent("researcher", () => foreign("chat", CHAT));
    agent("chief", () => inner())();
    told.spans.get("invoke_agent researcher", {
      attributes: { "agents.own.calls": 1, "agents.own.tokens": 140, "agents.own.cost": 0.000039 },
    });
    told.spans.get("invoke_agent chief", {
      attributes: { "agents.own.calls": 0, "agents.subtree.calls": 1, "agents.subtree.cost": 0.000039 },
    });
  });

  it("becomes one record", () => {
    foreign("chat", CHAT);
    expect(records).toEqual([
      expect.objectContaining({
        operation: "chat",
        inputTokens: 100,
        outputTokens: 40,
        costNanoUsd: COST_NANO_USD,
        spanId: told.spans.get("chat").spanId,
      }),
    ]);
  });

  it("finds its agent through its parents, where the context has been lost", () => {
    agent("researcher", () =>
      foreign("chain", {}, (chain) => {
        context.with(trace.setSpan(ROOT_CONTEXT, chain), () => foreign("chat", CHAT));
      }),
    )();
    told.spans.get("chat", { attributes: { "gen_ai.agent.name": "researcher" } });
  });

  it("keeps the agent and the cost that it brings itself", () => {
    const brought = { ...CHAT, "gen_ai.agent.name": "theirs", "gen_ai.usage.cost.amount": 7 };
    agent("researcher", () => foreign("chat", brought))();
    const span = told.spans.get("chat", { attributes: brought });
    expect(span.attributes).not.toHaveProperty("gen_ai.usage.cost.source");
    expect(records[0]?.costNanoUsd).toBe(7e9);
  });

  it("in old names is written in the newest, and costs the same", () => {
    foreign("openai.chat", OLD_CHAT);
    told.spans.get("openai.chat", { attributes: { ...CHAT, ...OLD_CHAT } });
    expect(records).toEqual([
      expect.objectContaining({ provider: "openai", inputTokens: 100, costNanoUsd: COST_NANO_USD }),
    ]);
  });

  it("of a scope that leaves Anthropic's cached tokens out of the input gets them in", () => {
    const attributes: Attributes = {
      "gen_ai.operation.name": "chat",
      "gen_ai.system": "Anthropic",
      "gen_ai.request.model": "claude-sonnet-5",
      "gen_ai.usage.input_tokens": 100,
      "gen_ai.usage.output_tokens": 50,
      "gen_ai.usage.cache_read_input_tokens": 600,
      "gen_ai.usage.cache_creation_input_tokens": 300,
    };
    foreign("chat", attributes, undefined, "@traceloop/instrumentation-anthropic");
    // 100 at 2, 600 read at 0.2, 300 written at 2.5, 50 out at 10 USD per million.
    expect(records).toEqual([
      expect.objectContaining({
        inputTokens: 1_000,
        cacheReadTokens: 600,
        cacheWriteTokens: 300,
        costNanoUsd: 200_000 + 120_000 + 750_000 + 500_000,
      }),
    ]);
  });

  it("that sets its attributes at the end is read at the end", () => {
    foreign("chat", { "gen_ai.operation.name": "chat" }, (span) => span.setAttributes(CHAT));
    expect(records).toEqual([expect.objectContaining({ costNanoUsd: COST_NANO_USD })]);
  });

  it("of an unknown model has no cost, rather than 0", () => {
    foreign("chat", { ...CHAT, "gen_ai.request.model": "nobody-knows-me" });
    told.spans.get("chat", { attributes: { "gen_ai.usage.cost.amount": undefined } });
    expect(records).toEqual([expect.objectContaining({ inputTokens: 100, costNanoUsd: undefined })]);
  });
});
