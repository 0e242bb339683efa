import { describe, expect, it } from "vitest";
import { agentSpanProcessor } from "../../src/pipeline/agent-span-processor.ts";
import { watch } from "../agent/support.ts";
import { foreign } from "../instrumentation/foreign-spans.ts";
import { watchRecords } from "../instrumentation/records.ts";

watch({ spanProcessors: [agentSpanProcessor()] });
const records = watchRecords();

function providerOf(attributes: Record<string, string>): string | undefined {
  foreign("call", { "gen_ai.operation.name": "chat", ...attributes });
  return records.at(-1)?.provider;
}

describe("the provider of a span", () => {
  it.each([
    ["openai.chat", "openai"],
    ["openai.responses", "openai"],
    ["OpenAI", "openai"],
    ["anthropic.messages", "anthropic"],
    ["Anthropic", "anthropic"],
    ["google.generative-ai", "gcp.gemini"],
    ["google.vertex.chat", "gcp.vertex_ai"],
    ["vertex.anthropic.messages", "gcp.vertex_ai"],
    ["vertexai", "gcp.vertex_ai"],
    ["gcp.gen_ai", "gcp.gen_ai"],
    ["gcp.gemini", "gcp.gemini"],
    ["amazon-bedrock", "aws.bedrock"],
    ["aws.bedrock", "aws.bedrock"],
    ["azure.chat", "azure.ai.openai"],
    ["az.ai.openai", "azure.ai.openai"],
    ["az.ai.inference", "azure.ai.inference"],
    ["mistralai", "mistral_ai"],
    ["mistral.chat", "mistral_ai"],
    ["xai.chat", "x_ai"],
    ["groq.chat", "groq"],
    ["cohere.chat", "cohere"],
    ["deepseek", "deepseek"],
    ["watsonx", "ibm.watsonx.ai"],
    ["ollama", "ollama"],
    ["openai-compatible-of-mine", "openai-compatible-of-mine"],
    ["together.chat", "together"],
    ["anthropical", "anthropical"],
  ])("%s is %s", (said, expected) => {
    expect(providerOf({ "gen_ai.system": said })).toBe(expected);
  });

  it("is the conventions' own where a span has names of several dialects", () => {
    expect(providerOf({ "llm.system": "openai", "gen_ai.provider.name": "azure.ai.openai" })).toBe(
      "azure.ai.openai",
    );
  });

  it("is that of the model where a framework gives its own name, or nobody says", () => {
    expect(providerOf({ "gen_ai.system": "Langchain", "gen_ai.request.model": "gpt-4o" })).toBe("openai");
    expect(providerOf({ "gen_ai.request.model": "claude-sonnet-4-5" })).toBe("anthropic");
    expect(providerOf({ "gen_ai.request.model": "nobody-knows-me" })).toBeUndefined();
  });
});
