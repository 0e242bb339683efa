import { describe, expect, it } from "vitest";
import { readOpenAiChatUsage } from "../../../src/cost/readers/openai-chat.ts";
import { readOpenAiResponsesUsage } from "../../../src/cost/readers/openai-responses.ts";

describe("readOpenAiChatUsage", () => {
  it("reads an answer of gpt-4o with cached, audio and reasoning tokens as parts of their wholes", () => {
    const usage = {
      prompt_tokens: 2_006,
      completion_tokens: 300,
      total_tokens: 2_306,
      prompt_tokens_details: { cached_tokens: 1_920, audio_tokens: 0, cache_write_tokens: 64 },
      completion_tokens_details: {
        ...{ reasoning_tokens: 192, audio_tokens: 0 },
        ...{ accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
      },
    };
    expect(readOpenAiChatUsage(usage)).toEqual({
      ...{ input: 2_006, output: 300, cacheRead: 1_920, cacheWrite5m: 64, reasoning: 192 },
      ...{ inputAudio: 0, outputAudio: 0 },
    });
  });

  it("leaves out what was not said, and keeps a 0 that was", () => {
    expect(readOpenAiChatUsage({ prompt_tokens: 9, completion_tokens: 0 })).toEqual({ input: 9, output: 0 });
    expect(readOpenAiChatUsage({ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 })).toEqual({
      input: 0,
      output: 0,
    });
  });

  it("reads an embedding, which has no output", () => {
    expect(readOpenAiChatUsage({ prompt_tokens: 8, total_tokens: 8 })).toEqual({ input: 8, output: 0 });
  });

  it("adds reasoning to xAI's output, which alone leaves it out", () => {
    const usage = {
      ...{ prompt_tokens: 37, completion_tokens: 530, total_tokens: 800 },
      prompt_tokens_details: { text_tokens: 37, audio_tokens: 0, image_tokens: 0, cached_tokens: 8 },
      completion_tokens_details: { reasoning_tokens: 233, audio_tokens: 0 },
    };
    expect(readOpenAiChatUsage(usage)).toMatchObject({
      input: 37,
      output: 763,
      reasoning: 233,
      cacheRead: 8,
    });
  });

  it("reads the cache hits of DeepSeek and Moonshot, which stand at the top", () => {
    const deepseek = {
      prompt_tokens: 100,
      completion_tokens: 5,
      prompt_cache_hit_tokens: 64,
      prompt_cache_miss_tokens: 36,
    };
    expect(readOpenAiChatUsage(deepseek)?.cacheRead).toBe(64);
    expect(
      readOpenAiChatUsage({ prompt_tokens: 100, completion_tokens: 5, cached_tokens: 32 })?.cacheRead,
    ).toBe(32);
  });
});

describe("readOpenAiResponsesUsage", () => {
  it("reads an answer of gpt-5 with cached, written and reasoning tokens", () => {
    const usage = {
      input_tokens: 75,
      input_tokens_details: {
        ...{ cached_tokens: 32, cache_write_tokens: 40 },
        cache_write_tokens_details: { ttl_12h_tokens: 10, ttl_30m_tokens: 30 },
      },
      output_tokens: 1_186,
      output_tokens_details: { reasoning_tokens: 1_024 },
      total_tokens: 1_261,
    };
    expect(readOpenAiResponsesUsage(usage)).toEqual({
      ...{ input: 75, output: 1_186, cacheRead: 32, cacheWrite5m: 40, reasoning: 1_024 },
    });
  });

  it("reads nothing from a chat completion's usage", () => {
    expect(readOpenAiResponsesUsage({ prompt_tokens: 5, completion_tokens: 5 })).toBeUndefined();
  });
});
