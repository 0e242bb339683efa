// Modules, answers and hosts that are not what one expects.
import { describe, expect, it } from "vitest";
import { readBedrockUsage } from "../../../src/cost/readers/bedrock.ts";
import { readCohereUsage } from "../../../src/cost/readers/cohere.ts";
import { readGoogleEmbeddingUsage, readGoogleUsage } from "../../../src/cost/readers/google-genai.ts";
import { readMistralUsage } from "../../../src/cost/readers/mistral.ts";
import { readOllamaUsage } from "../../../src/cost/readers/ollama.ts";
import { bedrock } from "../../../src/instrumentation/clients/bedrock.ts";
import { cohere } from "../../../src/instrumentation/clients/cohere.ts";
import { googleGenAi } from "../../../src/instrumentation/clients/google-genai.ts";
import { mistral } from "../../../src/instrumentation/clients/mistral.ts";
import { ollama } from "../../../src/instrumentation/clients/ollama.ts";
import { openAiProvider } from "../../../src/instrumentation/clients/openai-hosts.ts";
import { patchClient } from "../../../src/instrumentation/patch-client.ts";
import { watch } from "../../agent/support.ts";

const told = watch();

describe("a module of an unknown shape", () => {
  const throwing = class {
    constructor() {
      throw new Error("not like this");
    }
  };

  it.each([googleGenAi, mistral, cohere, bedrock, ollama])(
    "is left alone, with one warning: $packageName",
    (client) => {
      const names = ["Models", "Mistral", "CohereClient", "BedrockRuntimeClient", "Ollama"];
      const hollow = Object.fromEntries(names.map((name) => [name, class {}]));
      const hostile = Object.fromEntries(names.map((name) => [name, throwing]));
      for (const shape of [{}, null, undefined, hollow, hostile]) {
        expect(() => patchClient(client, shape)).not.toThrow();
      }
      expect(told.warnings).toEqual([
        expect.stringContaining(`this version of ${client.packageName} has none of the methods`),
      ]);
    },
  );
});

describe("usage", () => {
  const readers = [
    ["google", readGoogleUsage],
    ["google embeddings", readGoogleEmbeddingUsage],
    ["mistral", readMistralUsage],
    ["cohere", readCohereUsage],
    ["bedrock", readBedrockUsage],
    ["ollama", readOllamaUsage],
  ] as const;

  it.each(readers)("of nothing is nothing: %s", (_name, read) => {
    for (const nothing of [undefined, null, 7, "usage", {}, []]) expect(read(nothing)).toBeUndefined();
  });

  it.each([
    ["google", readGoogleUsage, { promptTokenCount: -1, candidatesTokenCount: 3 }],
    ["google, output", readGoogleUsage, { promptTokenCount: 1, candidatesTokenCount: 3.5 }],
    ["mistral", readMistralUsage, { promptTokens: 1.5, completionTokens: 3 }],
    ["cohere", readCohereUsage, { billedUnits: { inputTokens: -5, outputTokens: 1 } }],
    ["bedrock", readBedrockUsage, { inputTokens: "7", outputTokens: 1 }],
    ["ollama", readOllamaUsage, { prompt_eval_count: 7, eval_count: -1 }],
  ] as const)("that cannot be is left out, and told: %s", (_name, read, usage) => {
    const odd: string[] = [];
    expect(read(usage, (field) => void odd.push(field))).toBeUndefined();
    expect(odd).toHaveLength(1);
  });

  it("of Google counts audio", () => {
    const promptTokensDetails = [
      { modality: "TEXT", tokenCount: 10 },
      { modality: "AUDIO", tokenCount: 90 },
    ];
    expect(readGoogleUsage({ promptTokenCount: 100, promptTokensDetails })).toEqual({
      input: 100,
      output: 0,
      inputAudio: 90,
    });
  });

  it("of Vertex AI's embeddings is the sum of their texts", () => {
    const embeddings = [{ statistics: { tokenCount: 3 } }, { statistics: { tokenCount: 4 } }];
    expect(readGoogleEmbeddingUsage({ embeddings })).toEqual({ input: 7, output: 0 });
  });

  it("of Bedrock tells caches by their life", () => {
    const cacheDetails = [
      { ttl: "5m", inputTokens: 10 },
      { ttl: "1h", inputTokens: 20 },
    ];
    const usage = { inputTokens: 100, outputTokens: 1, cacheWriteInputTokens: 30, cacheDetails };
    expect(readBedrockUsage(usage)).toEqual({ input: 130, output: 1, cacheWrite5m: 10, cacheWrite1h: 20 });
  });

  it("of Cohere without bills is what the model saw", () => {
    expect(readCohereUsage({ tokens: { inputTokens: 500, outputTokens: 22 }, cachedTokens: 100 })).toEqual({
      input: 500,
      output: 22,
      cacheRead: 100,
    });
  });

  it("of Cohere leaves out a cache that is larger than the bill", () => {
    const usage = { billedUnits: { inputTokens: 50, outputTokens: 2 }, cachedTokens: 100 };
    expect(readCohereUsage(usage)).toEqual({ input: 50, output: 2 });
  });
});

describe("whom the openai client talks to", () => {
  it.each([
    ["my-resource.cognitiveservices.azure.com", 443, "azure.ai.openai"],
    ["openrouter.ai", 443, "openrouter"],
    ["api.together.xyz", 443, "together_ai"],
    ["api.fireworks.ai", 443, "fireworks_ai"],
    ["api.moonshot.cn", 443, "moonshot_ai"],
    ["api.anthropic.com", 443, "anthropic"],
    ["us-central1-aiplatform.googleapis.com", 443, "gcp.vertex_ai"],
    ["bedrock-runtime.us-west-2.amazonaws.com", 443, "aws.bedrock"],
    ["localhost", 11_434, "ollama"],
    ["gpu-box.local", 11_434, "ollama"],
    ["localhost", 8_000, "openai"],
    ["vllm.example.com", 443, "openai"],
    ["bedrock-runtime.us-west-2.amazonaws.com.example.com", 443, "openai"],
    [undefined, undefined, "openai"],
  ])("at %s:%s is %s", (host, port, provider) => {
    expect(openAiProvider(host, port)).toBe(provider);
  });
});
