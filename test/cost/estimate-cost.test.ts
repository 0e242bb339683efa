import { afterEach, describe, expect, it } from "vitest";
import { estimateCost } from "../../src/cost/estimate-cost.ts";
import { defaultPrices, priceTable } from "../../src/cost/prices.ts";
import type { TokenUsage } from "../../src/cost/token-usage.ts";

const cost = (provider: string | undefined, model: string, usage: TokenUsage, atMs?: number) =>
  estimateCost({ provider, model, usage, atMs });

// Rates below are nano-dollars per token: 2.5 USD per million tokens are 2,500.
describe("estimateCost, by hand", () => {
  it("prices input and output: gpt-4o at 2.5 and 10", () => {
    // 1,000 * 2,500 + 500 * 10,000
    expect(cost("openai", "gpt-4o", { input: 1_000, output: 500 })).toBe(7_500_000);
  });

  it("prices cached input once, at its own rate: gpt-4o at 1.25", () => {
    // 200 * 2,500 + 800 * 1,250 + 500 * 10,000
    expect(cost("openai", "gpt-4o-2024-08-06", { input: 1_000, output: 500, cacheRead: 800 })).toBe(
      6_500_000,
    );
  });

  it("bills reasoning as the output that it is: gpt-5 at 1.25 and 10", () => {
    // 2,000 * 1,250 + 1,500 * 10,000, of which 1,200 reasoning
    expect(cost("openai", "gpt-5", { input: 2_000, output: 1_500, reasoning: 1_200 })).toBe(17_500_000);
  });

  it("prices gpt-4o-mini at .15 and .60", () => {
    // 1,234 * 150 + 56 * 600
    expect(cost("openai", "gpt-4o-mini", { input: 1_234, output: 56 })).toBe(218_700);
  });

  it("does not call a 20-token embedding free: text-embedding-3-small at .02", () => {
    expect(cost("openai", "text-embedding-3-small", { input: 20, output: 0 })).toBe(400);
  });

  it("prices cache reads and writes of both lives: claude-sonnet-4 at 3, 15, .3, 3.75 and 6", () => {
    const usage = { input: 10_000, output: 500, cacheRead: 6_000, cacheWrite5m: 1_000, cacheWrite1h: 2_000 };
    // 1,000 * 3,000 + 6,000 * 300 + 1,000 * 3,750 + 2,000 * 6,000 + 500 * 15,000
    expect(cost("anthropic", "claude-sonnet-4-20250514", usage)).toBe(28_050_000);
  });

  it("prices one-hour writes at twice the input on Bedrock and Vertex too", () => {
    // 1,000 * 6,000
    const usage = { input: 1_000, output: 0, cacheWrite1h: 1_000 };
    expect(cost("aws.bedrock", "global.anthropic.claude-sonnet-4-20250514-v1:0", usage)).toBe(6_000_000);
    expect(cost("gcp.vertex_ai", "claude-sonnet-4@20250514", usage)).toBe(6_000_000);
  });

  it("bills the whole call at the higher rate above 200k: claude-sonnet-4-5 at 6 and 22.5", () => {
    // 200,000 * 3,000 + 1,000 * 15,000, then 200,001 * 6,000 + 1,000 * 22,500
    expect(cost("anthropic", "claude-sonnet-4-5", { input: 200_000, output: 1_000 })).toBe(615_000_000);
    expect(cost("anthropic", "claude-sonnet-4-5", { input: 200_001, output: 1_000 })).toBe(1_222_506_000);
  });

  it("counts cached tokens towards the 200k", () => {
    // 10,000 * 6,000 + 240,000 * 600
    const usage = { input: 250_000, output: 0, cacheRead: 240_000 };
    expect(cost("anthropic", "claude-sonnet-4-5", usage)).toBe(204_000_000);
  });

  it("prices gemini-2.5-pro at 1.25 and 10, above 200k at 2.5 and 15, under each of Google's names", () => {
    for (const provider of [
      "gcp.gen_ai",
      "gcp.gemini",
      "gcp.vertex_ai",
      "google.generative-ai",
      "vertex_ai",
    ]) {
      // 1,000 * 1,250 + 100 * 10,000, then 300,000 * 2,500 + 100 * 15,000
      expect(cost(provider, "gemini-2.5-pro", { input: 1_000, output: 100 })).toBe(2_250_000);
      expect(cost(provider, "models/gemini-2.5-pro", { input: 300_000, output: 100 })).toBe(751_500_000);
    }
  });

  it("prices audio apart from text: gpt-audio at 2.5, 10 and audio at 32, 64", () => {
    const usage = { input: 1_000, output: 200, inputAudio: 900, outputAudio: 150 };
    // 100 * 2,500 + 900 * 32,000 + 50 * 10,000 + 150 * 64,000
    expect(cost("openai", "gpt-audio", usage)).toBe(39_150_000);
  });

  it("takes no more cached tokens for audio than cannot have been fresh: gpt-realtime at 4, 32 and cached .4", () => {
    const usage = { input: 1_000, output: 0, inputAudio: 500, cacheRead: 700 };
    // 300 fresh tokens, all audio, at 32,000; of the 700 cached, 200 are audio: 700 * 400
    expect(cost("openai", "gpt-realtime", usage)).toBe(9_880_000);
  });

  it("follows a price that changed: o3 was 10 and 40 until 2025-06-10, then 2 and 8", () => {
    const usage = { input: 1_000, output: 1_000 };
    expect(cost("openai", "o3", usage, Date.UTC(2025, 5, 9, 23, 59, 59, 999))).toBe(50_000_000);
    expect(cost("openai", "o3", usage, Date.UTC(2025, 5, 10))).toBe(10_000_000);
  });

  it("follows the hour of the day: deepseek-chat at .27 and 1.1, off-peak half of it", () => {
    const usage = { input: 1_000, output: 1_000 };
    expect(cost("deepseek", "deepseek-chat", usage, Date.UTC(2025, 6, 1, 12))).toBe(1_370_000);
    expect(cost("deepseek", "deepseek-chat", usage, Date.UTC(2025, 6, 1, 20))).toBe(685_000);
  });

  it("adds what a call costs by itself: sonar at 1, 1 and 12 USD per thousand calls", () => {
    expect(cost("perplexity", "sonar", { input: 100, output: 100 })).toBe(12_200_000);
  });

  it("rounds once, half away from zero", () => {
    // .0375 per million are 37.5 nano-dollars a token.
    const prices = priceTable({ half: { input: 0.0375 } });
    const price = (input: number) => estimateCost({ model: "half", usage: { input, output: 0 } }, prices);
    expect([price(1), price(2), price(3)]).toEqual([38, 75, 113]);
  });
});

describe("estimateCost, where the price is not known", () => {
  it("says undefined, never 0", () => {
    const usage = { input: 10, output: 10 };
    expect(cost("openai", "no-such-model", usage)).toBeUndefined();
    expect(cost("openai", "no-such-model", { input: 0, output: 0 })).toBeUndefined();
    expect(cost(undefined, "no-such-model", usage)).toBeUndefined();
    expect(cost("openai", "whisper-1", usage), "billed by the hour").toBeUndefined();
    expect(cost("openai", "text-embedding-3-small", usage), "has no price for output").toBeUndefined();
    expect(cost("openai", "", usage)).toBeUndefined();
    expect(cost("openai", "x".repeat(10_000), usage)).toBeUndefined();
  });

  it("says 0 for a call without tokens of a known model", () => {
    expect(cost("openai", "gpt-4o", { input: 0, output: 0 })).toBe(0);
  });

  it("does not take a known provider's word for another's model", () => {
    expect(cost("openai", "deepseek-r1", { input: 10, output: 10 })).toBeUndefined();
  });

  it("takes an unknown provider for a gateway that passes on the maker's price", () => {
    const usage = { input: 1_000, output: 500 };
    for (const model of ["gpt-4o", "openai/gpt-4o"]) {
      expect(cost("my-gateway", model, usage)).toBe(7_500_000);
      expect(cost("litellm", model, usage)).toBe(7_500_000);
      expect(cost(undefined, model, usage)).toBe(7_500_000);
    }
  });

  it("has no price for models that run on the user's own machine", () => {
    const usage = { input: 10, output: 10 };
    expect(cost("ollama", "deepseek-r1", usage)).toBeUndefined();
    expect(cost("vllm", "mistral-large-latest", usage)).toBeUndefined();
    expect(cost(undefined, "deepseek-r1:14b", usage)).toBeUndefined();
  });

  it.each([
    ["negative", { input: -1, output: 0 }],
    ["fractional", { input: 1.5, output: 0 }],
    ["NaN", { input: Number.NaN, output: 0 }],
    ["infinite", { input: Number.POSITIVE_INFINITY, output: 0 }],
    ["more cached than input", { input: 10, output: 0, cacheRead: 6, cacheWrite5m: 5 }],
    ["more reasoning than output", { input: 10, output: 1, reasoning: 2 }],
    ["beyond what a number can hold", { input: Number.MAX_SAFE_INTEGER, output: 0 }],
  ] satisfies [string, TokenUsage][])("says undefined for usage that is %s", (_what, usage) => {
    expect(cost("openai", "gpt-4o", usage)).toBeUndefined();
  });

  it("says undefined for a time that is none, where the price depends on it", () => {
    expect(cost("openai", "o3", { input: 1, output: 1 }, Number.NaN)).toBeUndefined();
  });
});

describe("providers by the names of the conventions", () => {
  const usage = { input: 1_000, output: 1_000 };

  it.each([
    ["openai.responses", "gpt-4o", 12_500_000],
    ["azure.ai.openai", "gpt-4o", 12_500_000],
    ["az.ai.openai", "gpt-4o", 12_500_000],
    ["azure.ai.inference", "gpt-4o", 12_500_000],
    ["azure.chat", "gpt-4o", 12_500_000],
    ["anthropic.messages", "claude-sonnet-4", 18_000_000],
    ["aws.bedrock", "anthropic.claude-sonnet-4-20250514-v1:0", 18_000_000],
    ["google.vertex.anthropic", "claude-sonnet-4@20250514", 18_000_000],
    ["x_ai", "grok-4", 18_000_000],
    ["xai.chat", "grok-4", 18_000_000],
    ["mistral_ai", "mistral-large-latest", 8_000_000],
    ["moonshot_ai", "kimi-k2", 2_870_000],
    ["groq.chat", "llama-3.3-70b-versatile", 1_380_000],
    ["openrouter", "anthropic/claude-sonnet-4", 18_000_000],
    [" OpenAI ", "GPT-4o", 12_500_000],
  ])("%s %s", (provider, model, expected) => {
    expect(cost(provider, model, usage)).toBe(expected);
  });
});

describe("the default prices", () => {
  afterEach(() => defaultPrices.use());

  it("take the user's table for every later call, and give it back", () => {
    const usage = { input: 1_000, output: 0 };
    expect(cost("openai", "gpt-4o", usage)).toBe(2_500_000);
    defaultPrices.use(priceTable({ "gpt-4o": { input: 1, output: 4 } }));
    expect(cost("openai", "gpt-4o", usage)).toBe(1_000_000);
    defaultPrices.use();
    expect(cost("openai", "gpt-4o", usage)).toBe(2_500_000);
  });
});

describe("the model that was asked for", () => {
  const usage = { input: 1_000, output: 0 };
  const call = {
    provider: "azure.ai.openai",
    model: "gpt-4o-2024-08-06",
    requestModel: "my-deployment",
    usage,
  };

  it("counts when the user has a price for it", () => {
    expect(estimateCost(call, priceTable({ "azure/my-deployment": { input: 1 } }))).toBe(1_000_000);
  });

  it("gives way to the model that answered otherwise", () => {
    expect(estimateCost(call)).toBe(2_500_000);
  });

  it("helps when the model that answered has no price", () => {
    expect(estimateCost({ ...call, model: "a-new-name", requestModel: "gpt-4o" })).toBe(2_500_000);
  });
});
