import { generateText, streamText } from "ai";
import { describe, expect, it } from "vitest";
import { billedCost } from "../../../src/frameworks/ai-sdk/billed-cost.ts";
import { readAiSdkUsage, readEmbeddingUsage } from "../../../src/frameworks/ai-sdk/usage.ts";
import * as names from "../../../src/telemetry/semconv.ts";
import { openDesk } from "./desk.ts";

const desk = openDesk();

const MODELS = {
  "chat completions": () => desk.openai.chat("gpt-5"),
  responses: () => desk.openai("gpt-5"),
  Anthropic: () => desk.anthropic("claude-haiku-4-5"),
};

describe.each(Object.entries(MODELS))("the tokens of %s", (what, modelOf) => {
  const usage = {
    input: 1_000,
    output: 300,
    cacheRead: 400,
    ...(what === "Anthropic" ? { cacheWrite5m: 100, cacheWrite1h: 50 } : { reasoning: 200 }),
  };
  const expected = {
    [names.ATTR_USAGE_INPUT]: 1_000,
    [names.ATTR_USAGE_OUTPUT]: 300,
    [names.ATTR_USAGE_CACHE_READ]: 400,
    ...(what === "Anthropic"
      ? { [names.ATTR_USAGE_CACHE_WRITE]: 150 }
      : { [names.ATTR_USAGE_REASONING]: 200 }),
  };

  it("hold cached tokens and reasoning once", async () => {
    desk.provider.queue({ usage });
    await generateText({ model: modelOf(), prompt: "Otters?" });
    expect(desk.spans.get(/^chat/).attributes).toMatchObject(expected);
  });

  it("are the same of a stream", async () => {
    desk.provider.queue({ usage });
    await streamText({ model: modelOf(), prompt: "Otters?" }).text;
    expect(desk.spans.get(/^chat/).attributes).toMatchObject(expected);
  });

  it("cost what they cost through the provider's own client", async () => {
    desk.provider.queue({ usage }, { usage });
    await generateText({ model: modelOf(), prompt: "Otters?" });
    const [record] = desk.records;
    expect(record?.costNanoUsd).toBe(COSTS[what as keyof typeof COSTS]);
  });
});

/** By the providers' price lists: 600 input, 400 cached and 300 output tokens; 450, 400, 100 and 50 written, and 300. */
const COSTS = {
  "chat completions": 600 * 1_250 + 400 * 125 + 300 * 10_000,
  responses: 600 * 1_250 + 400 * 125 + 300 * 10_000,
  Anthropic: 450 * 1_000 + 400 * 100 + 100 * 1_250 + 50 * 2_000 + 300 * 5_000,
};

describe("the AI SDK's usage", () => {
  it("that no provider has reported is none", () => {
    const none = { inputTokens: { total: undefined }, outputTokens: { total: undefined } };
    expect(readAiSdkUsage(none)).toBeUndefined();
    expect(readAiSdkUsage(undefined)).toBeUndefined();
    expect(readEmbeddingUsage({ tokens: Number.NaN })).toBeUndefined();
  });

  it("is read from events as from models", () => {
    const expected = { input: 10, output: 5, cacheRead: 4, cacheWrite5m: 2, reasoning: 3 };
    const ofModel = {
      inputTokens: { total: 10, noCache: 4, cacheRead: 4, cacheWrite: 2 },
      outputTokens: { total: 5, text: 2, reasoning: 3 },
    };
    const ofEvent = {
      inputTokens: 10,
      inputTokenDetails: { noCacheTokens: 4, cacheReadTokens: 4, cacheWriteTokens: 2 },
      outputTokens: 5,
      outputTokenDetails: { textTokens: 2, reasoningTokens: 3 },
    };
    expect([readAiSdkUsage(ofModel), readAiSdkUsage(ofEvent)]).toEqual([expected, expected]);
  });
});

describe("the price that a gateway names", () => {
  it.each([
    [{ gateway: { cost: "0.0012" } }, 0.0012],
    [{ openrouter: { usage: { cost: 0.5 } } }, 0.5],
    [{ gateway: { cost: "free" } }, undefined],
    [{ gateway: {} }, undefined],
    [undefined, undefined],
  ])("of %j is %s", (metadata, usd) => {
    expect(billedCost(metadata)).toBe(usd);
  });
});
