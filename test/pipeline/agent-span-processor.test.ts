import { type Attributes, context, ROOT_CONTEXT, type Span, SpanKind, trace } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { agent, conversation } from "../../src/index.ts";
import { agentSpanProcessor } from "../../src/pipeline/agent-span-processor.ts";
import { watch } from "../agent/support.ts";
import { watchRecords } from "../instrumentation/records.ts";

const told = watch({ spanProcessors: [agentSpanProcessor()] });
const records = watchRecords();

/** A span as another instrumentation makes it. */
function foreign(name: string, attributes: Attributes, inside: (span: Span) => void = () => {}): void {
  trace.getTracer("another").startActiveSpan(name, { kind: SpanKind.CLIENT, attributes }, (span) => {
    inside(span);
    span.end();
  });
}

const CHAT: Attributes = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": "gpt-4o-mini",
  "gen_ai.usage.input_tokens": 100,
  "gen_ai.usage.output_tokens": 40,
};
// 100 in at 0.15, 40 out at 0.60 USD per million.
const COST_NANO_USD = 39_000;

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

describe("an agent span of another instrumentation", () => {
  const AGENT: Attributes = { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "writer" };

  it("gets its caller", () => {
    agent("chief", () => foreign("invoke_agent writer", AGENT))();
    told.spans.get("invoke_agent writer", {
      attributes: { ...AGENT, "gen_ai.caller.type": "agent", "gen_ai.caller.name": "chief" },
    });
    expect(records[0]).toMatchObject({ operation: "invoke_agent", agent: "writer", caller: "chief" });
  });

  it("has its usage counted on the model span below alone", () => {
    agent("chief", () =>
      foreign("invoke_agent writer", { ...AGENT, ...CHAT, ...AGENT }, () => foreign("chat", CHAT)),
    )();
    told.spans.get("invoke_agent chief", { attributes: { "agents.subtree.tokens": 140 } });
    told.spans.get("invoke_agent writer", { attributes: { "gen_ai.usage.cost.amount": undefined } });
    expect(records.map(({ inputTokens }) => inputTokens)).toEqual([100, undefined, undefined]);
  });

  it("without the name of an agent is no agent call", () => {
    foreign("anthropic.messages.tool_runner", { "gen_ai.operation.name": "invoke_agent" });
    expect(records).toEqual([]);
  });
});

describe("spans without a GenAI operation", () => {
  it("pass as they are, and make no record", () => {
    const http = { "http.request.method": "POST", "server.address": "api.openai.com" };
    agent("researcher", () => foreign("POST", http))();
    expect(told.spans.get("POST").attributes).toEqual(http);
    expect(records.map(({ operation }) => operation)).toEqual(["invoke_agent"]);
  });

  it.each([["count_tokens"], ["create_agent"], [""]])(
    "or with one that is no call (%j) make no record",
    (op) => {
      foreign("other", { "gen_ai.operation.name": op });
      expect(records).toEqual([]);
    },
  );
});

describe("the hooks", () => {
  const HOSTILE: readonly Attributes[] = [
    { ...CHAT, "gen_ai.usage.input_tokens": Number.NaN },
    { ...CHAT, "gen_ai.usage.input_tokens": -1, "gen_ai.usage.output_tokens": 0.5 },
    { ...CHAT, "gen_ai.usage.input_tokens": "many", "gen_ai.request.model": 7 },
    { ...CHAT, "gen_ai.request.model": ["a", "b"], "gen_ai.provider.name": true },
    { ...CHAT, "gen_ai.usage.cost.amount": Number.POSITIVE_INFINITY },
    { "gen_ai.operation.name": ["chat"] },
    { ...CHAT, "gen_ai.request.model": "x".repeat(100_000) },
  ];

  it.each(HOSTILE.map((attributes, i) => [i, attributes] as const))(
    "take hostile attributes without a throw and without a made-up number (%i)",
    (_, attributes) => {
      expect(() => agent("researcher", () => foreign("odd", attributes))()).not.toThrow();
      for (const { costNanoUsd, inputTokens } of records) {
        expect(costNanoUsd ?? 0).toSatisfy(Number.isSafeInteger);
        expect(inputTokens ?? 0).toSatisfy(Number.isSafeInteger);
      }
    },
  );

  it("catch their own failures", () => {
    const processor = agentSpanProcessor();
    const odd = new Proxy({}, { get: () => expect.unreachable("hostile") });
    expect(() => {
      processor.onStart(odd as never, ROOT_CONTEXT);
      processor.onEnding?.(odd as never);
      processor.onEnd(odd as never);
    }).not.toThrow();
  });

  it("leave our own spans alone", () => {
    agent("researcher", () => 1)();
    expect(records).toHaveLength(1);
  });
});
