import { describe, expect, it } from "vitest";
import { responseOf, usageOf } from "../../../src/frameworks/langchain/model-answer.ts";
import { modelRequest } from "../../../src/frameworks/langchain/model-request.ts";

const answer = (message: object, llmOutput?: object) => ({ generations: [[{ message }]], llmOutput });

describe("the usage of an answer of LangChain", () => {
  it.each([
    [
      "with parts",
      answer({
        usage_metadata: {
          input_tokens: 100,
          output_tokens: 20,
          input_token_details: { cache_read: 60, cache_creation: 10, audio: 5 },
          output_token_details: { reasoning: 8, audio: 2 },
        },
      }),
      {
        input: 100,
        output: 20,
        cacheRead: 60,
        cacheWrite5m: 10,
        reasoning: 8,
        inputAudio: 5,
        outputAudio: 2,
      },
    ],
    [
      "whose package leaves out what was cached",
      answer({
        usage_metadata: {
          input_tokens: 5,
          output_tokens: 20,
          input_token_details: { cache_read: 60, cache_creation: 10 },
        },
      }),
      { input: 75, output: 20, cacheRead: 60, cacheWrite5m: 10 },
    ],
    [
      "with writes to a cache of an hour",
      answer({
        usage_metadata: { input_tokens: 100, output_tokens: 20, input_token_details: { cache_creation: 10 } },
        response_metadata: { usage: { cache_creation: { ephemeral_1h_input_tokens: 7 } } },
      }),
      { input: 100, output: 20, cacheWrite5m: 3, cacheWrite1h: 7 },
    ],
    [
      "of several, each with the usage of all",
      {
        generations: [
          [1, 2].map(() => ({ message: { usage_metadata: { input_tokens: 9, output_tokens: 4 } } })),
        ],
      },
      { input: 9, output: 4 },
    ],
    [
      "of a model of before usage_metadata",
      answer({}, { tokenUsage: { promptTokens: 9, completionTokens: 4, totalTokens: 13 } }),
      { input: 9, output: 4 },
    ],
    [
      "in Anthropic's own names, with the cached tokens apart",
      answer({}, { usage: { input_tokens: 9, output_tokens: 4, cache_read_input_tokens: 30 } }),
      { input: 39, output: 4, cacheRead: 30 },
    ],
    [
      "that LangChain has estimated itself",
      answer({}, { estimatedTokenUsage: { promptTokens: 9 } }),
      undefined,
    ],
    ["that is nonsense", answer({ usage_metadata: { input_tokens: "many" } }), undefined],
    ["of nothing", undefined, undefined],
  ])("%s", (_what, result, usage) => {
    expect(usageOf(result)).toEqual(usage);
  });

  it("has the provider's id, model and reasons, and no id that LangChain made", () => {
    const message = {
      id: "run-1",
      response_metadata: { model_name: "gpt-4o-mini-2024", finish_reason: "stop" },
    };
    expect(responseOf(answer(message))).toEqual({
      id: undefined,
      model: "gpt-4o-mini-2024",
      finishReasons: ["stop"],
    });
    expect(responseOf(answer({ id: "chatcmpl-1" })).id).toBe("chatcmpl-1");
  });
});

describe("the request of LangChain", () => {
  it.each([
    ["openai", "openai"],
    ["azure", "azure.ai.openai"],
    ["anthropic", "anthropic"],
    ["google_genai", "gcp.gemini"],
    ["google-vertexai", "gcp.vertex_ai"],
    ["amazon_bedrock", "aws.bedrock"],
    ["mistral", "mistral_ai"],
    ["xai", "x_ai"],
    ["ollama", "ollama"],
  ])("to %s goes to %s", (said, provider) => {
    expect(modelRequest("chat", {}, { ls_provider: said, ls_model_name: "m" }).provider).toBe(provider);
  });

  it("goes where its model is from, when LangChain does not say", () => {
    expect(modelRequest("chat", { invocation_params: { model: "gpt-4o" } }, undefined).provider).toBe(
      "openai",
    );
  });

  it("has the parameters that were sent, whatever the package calls them", () => {
    const sent = { model: "gemini-2", maxOutputTokens: 50, topP: 0.5, stop: ["END"], n: 2, temperature: 0 };
    expect(modelRequest("chat", { invocation_params: sent }, { ls_model_name: "other" })).toMatchObject({
      model: "gemini-2",
      attributes: {
        "gen_ai.request.max_tokens": 50,
        "gen_ai.request.top_p": 0.5,
        "gen_ai.request.temperature": 0,
        "gen_ai.request.stop_sequences": ["END"],
        "gen_ai.request.choice.count": 2,
      },
    });
  });
});
