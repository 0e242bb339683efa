import { expect, it } from "vitest";
import { readAnthropicUsage } from "../../../src/cost/readers/anthropic.ts";

it("adds what was read from and written to the cache to the input, by life of the cache", () => {
  const usage = {
    input_tokens: 2_048,
    cache_read_input_tokens: 1_800,
    cache_creation_input_tokens: 248,
    cache_creation: { ephemeral_5m_input_tokens: 148, ephemeral_1h_input_tokens: 100 },
    output_tokens: 503,
    output_tokens_details: { thinking_tokens: 300 },
    server_tool_use: null,
    service_tier: "standard",
  };
  expect(readAnthropicUsage(usage)).toEqual({
    ...{ input: 4_096, output: 503, cacheRead: 1_800, cacheWrite5m: 148, cacheWrite1h: 100, reasoning: 300 },
  });
});

it("takes writes of unnamed life for five minutes", () => {
  const usage = { input_tokens: 10, output_tokens: 1, cache_creation_input_tokens: 20, cache_creation: null };
  expect(readAnthropicUsage(usage)).toEqual({ input: 30, output: 1, cacheWrite5m: 20 });
});

it("adds up the lives where the total is missing", () => {
  const usage = { input_tokens: 10, output_tokens: 1, cache_creation: { ephemeral_1h_input_tokens: 20 } };
  expect(readAnthropicUsage(usage)).toEqual({ input: 30, output: 1, cacheWrite5m: 0, cacheWrite1h: 20 });
});

it("leaves out what is null", () => {
  const usage = {
    input_tokens: 10,
    output_tokens: 1,
    cache_read_input_tokens: null,
    output_tokens_details: null,
  };
  expect(readAnthropicUsage(usage)).toEqual({ input: 10, output: 1 });
});

it("has no usage without input, as in a lone message_delta", () => {
  expect(readAnthropicUsage({ input_tokens: null, output_tokens: 12 })).toBeUndefined();
});
