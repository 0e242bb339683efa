import { type Attributes, ROOT_CONTEXT } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { agent } from "../../src/index.ts";
import { agentSpanProcessor } from "../../src/pipeline/agent-span-processor.ts";
import { watch } from "../agent/support.ts";
import { CHAT, foreign } from "../instrumentation/foreign-spans.ts";
import { watchRecords } from "../instrumentation/records.ts";

const told = watch({ spanProcessors: [agentSpanProcessor()] });
const records = watchRecords();

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

  it("is the agent of the spans below it, also of those further down, and the caller of the next agent", () => {
    const EDITOR: Attributes = { ...AGENT, "gen_ai.agent.name": "editor" };
    agent("chief", () =>
      foreign("invoke_agent writer", AGENT, () =>
        foreign("chain", {}, () => {
          foreign("chat", CHAT);
          foreign("invoke_agent editor", EDITOR);
        }),
      ),
    )();
    told.spans.get("chat", { attributes: { "gen_ai.agent.name": "writer" } });
    told.spans.get("invoke_agent editor", { attributes: { "gen_ai.caller.name": "writer" } });
    told.spans.get("invoke_agent chief", {
      attributes: { "agents.own.calls": 0, "agents.subtree.calls": 1, "agents.subtree.tokens": 140 },
    });
  });

  it("is not the agent of what an agent of ours does below it", () => {
    const ours = agent("ours", () => foreign("chat", CHAT));
    foreign("invoke_agent writer", AGENT, () => void ours());
    told.spans.get("chat", { attributes: { "gen_ai.agent.name": "ours" } });
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
