import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { estimateCost } from "../../src/cost/estimate-cost.ts";
import { readAnthropicUsage } from "../../src/cost/readers/anthropic.ts";
import { readBedrockUsage } from "../../src/cost/readers/bedrock.ts";
import { readGoogleUsage } from "../../src/cost/readers/google-genai.ts";
import { readMistralUsage } from "../../src/cost/readers/mistral.ts";
import { readOpenAiChatUsage } from "../../src/cost/readers/openai-chat.ts";
import { readOpenAiResponsesUsage } from "../../src/cost/readers/openai-responses.ts";

// Usage as six providers send it, with cached, written and reasoning tokens in their own places, and what it costs: computed apart from
// this package, in whole nano-dollars, from the price pages of November 2026. Nano-dollars a token: gpt-4o 2,500 in, 1,250 cached, 10,000 out;
// gpt-5 1,250, 125, 10,000; claude-sonnet-4-5 3,000, 300 read, 3,750 and 6,000 written for five minutes and an hour, 15,000; gemini-2.5-flash 300, 30,
// 2,500 with thoughts; claude-3-5-haiku on Bedrock 800, 80, 1,000, 4,000; mistral-large 2,000, 6,000.
interface GoldenCall {
  readonly format: keyof typeof READERS;
  readonly provider: string;
  readonly model: string;
  readonly usage: unknown;
  readonly costNanoUsd: number;
}

const READERS = {
  "openai-chat": readOpenAiChatUsage,
  "openai-responses": readOpenAiResponsesUsage,
  anthropic: readAnthropicUsage,
  google: readGoogleUsage,
  bedrock: readBedrockUsage,
  mistral: readMistralUsage,
};

const calls = readFileSync(new URL("golden-calls.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as GoldenCall);

describe("500 calls of six providers", () => {
  it("are there", () => {
    expect(calls.length).toBe(500);
    expect(new Set(calls.map(({ format }) => format)).size).toBe(6);
  });

  it.each(Object.keys(READERS) as (keyof typeof READERS)[])(
    "cost what their tokens cost, exactly: %s",
    (format) => {
      const mine = calls.filter((call) => call.format === format);
      const found = mine.map(({ provider, model, usage }) => {
        const read = READERS[format](usage);
        return read && estimateCost({ provider, model, usage: read, atMs: Date.UTC(2026, 10, 21) });
      });
      expect(found).toEqual(mine.map(({ costNanoUsd }) => costNanoUsd));
    },
  );
});
