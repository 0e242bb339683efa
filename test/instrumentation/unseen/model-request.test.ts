import { describe, expect, it } from "vitest";
import { modelHost } from "../../../src/instrumentation/unseen/model-request.ts";

function asked(url: string, { method = "POST", headers = [] as readonly string[] } = {}) {
  const { origin, pathname, search } = new URL(url);
  return modelHost({
    method,
    origin,
    path: `${pathname}${search}`,
    hasHeader: (name) => headers.includes(name),
  });
}

describe("modelHost", () => {
  it.each([
    ["https://api.openai.com/v1/chat/completions", "api.openai.com"],
    ["https://api.openai.com/v1/responses", "api.openai.com"],
    ["https://api.anthropic.com/v1/messages?beta=true", "api.anthropic.com"],
    [
      "https://me.openai.azure.com/openai/deployments/x/chat/completions?api-version=1",
      "me.openai.azure.com",
    ],
    [
      "https://generativelanguage.googleapis.com/v1beta/models/gemini-3:streamGenerateContent?alt=sse",
      "generativelanguage.googleapis.com",
    ],
    ["https://api.cohere.com/v2/chat", "api.cohere.com"],
    ["https://api.mistral.ai/v1/chat/completions", "api.mistral.ai"],
    [
      "https://bedrock-runtime.eu-west-1.amazonaws.com/model/a.b-v1%3A0/converse-stream",
      "bedrock-runtime.eu-west-1.amazonaws.com",
    ],
    ["http://localhost:11434/api/chat", "localhost:11434"],
  ])("knows %s", (url, host) => {
    expect(asked(url)).toBe(host);
  });

  it("knows the clients of OpenAI and Anthropic at any host, by the header that they send", () => {
    const headers = ["x-stainless-lang"];
    expect(asked("http://127.0.0.1:8080/v1/chat/completions", { headers })).toBe("127.0.0.1:8080");
    expect(asked("https://gateway.example/anthropic/v1/messages", { headers })).toBe("gateway.example");
  });

  it.each([
    "https://chat.example/v1/messages",
    "https://surveys.example/responses",
    "https://chat.example/v1/chat",
    "https://chat.example/api/chat",
    "https://api.openai.com/v1/threads/thread_1/messages",
    "https://api.openai.com/v1/responses/resp_1/cancel",
    "https://api.openai.com/v1/files",
    "https://api.anthropic.com/v1/messages/count_tokens",
    "https://api.anthropic.com/v1/messages/batches",
    "https://generativelanguage.googleapis.com/v1beta/models/gemini-3:countTokens",
  ])("takes %s for none", (url) => {
    expect(asked(url)).toBeUndefined();
  });

  it("takes what is no POST for none", () => {
    expect(asked("https://api.openai.com/v1/responses", { method: "GET" })).toBeUndefined();
  });

  it("takes an origin that is no URL for none", () => {
    const request = { method: "POST", origin: "null", path: "/v1/responses", hasHeader: () => true };
    expect(modelHost(request)).toBeUndefined();
  });
});
