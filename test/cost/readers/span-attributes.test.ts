import { describe, expect, it } from "vitest";
import { readSpanUsage } from "../../../src/cost/readers/span-attributes.ts";

describe("readSpanUsage", () => {
  it("reads the newest names", () => {
    const attributes = {
      "gen_ai.operation.name": "chat",
      "gen_ai.usage.input_tokens": 100,
      "gen_ai.usage.output_tokens": 50,
      "gen_ai.usage.cache_read.input_tokens": 60,
      "gen_ai.usage.cache_write.input_tokens": 20,
      "gen_ai.usage.reasoning.output_tokens": 30,
      "gen_ai.usage.audio.input_tokens": 5,
      "gen_ai.usage.audio.output_tokens": 4,
    };
    expect(readSpanUsage(attributes)).toEqual({
      ...{ input: 100, output: 50, cacheRead: 60, cacheWrite5m: 20, reasoning: 30 },
      ...{ inputAudio: 5, outputAudio: 4 },
    });
  });

  it("reads the names of v1.36 and v1.41", () => {
    expect(
      readSpanUsage({ "gen_ai.usage.prompt_tokens": 100, "gen_ai.usage.completion_tokens": 50 }),
    ).toEqual({
      input: 100,
      output: 50,
    });
    const v141 = {
      "gen_ai.usage.input_tokens": 100,
      "gen_ai.usage.cache_creation.input_tokens": 20,
      "gen_ai.usage.reasoning_tokens": 0,
    };
    expect(readSpanUsage(v141)).toEqual({ input: 100, output: 0, cacheWrite5m: 20, reasoning: 0 });
  });

  it("takes the newer name where a span carries both", () => {
    expect(readSpanUsage({ "gen_ai.usage.prompt_tokens": 1, "gen_ai.usage.input_tokens": 2 })?.input).toBe(2);
  });

  it("reads the lives of cache writes from Anthropic's own spans", () => {
    const attributes = {
      "gen_ai.usage.input_tokens": 100,
      "gen_ai.usage.output_tokens": 1,
      "gen_ai.usage.cache_write.input_tokens": 30,
      "anthropic.usage.cache_creation.ephemeral_5m_input_tokens": 10,
      "anthropic.usage.cache_creation.ephemeral_1h_input_tokens": 20,
    };
    expect(readSpanUsage(attributes)).toEqual({ input: 100, output: 1, cacheWrite5m: 10, cacheWrite1h: 20 });
  });

  it("adds cached tokens where the instrumentation left them out", () => {
    const attributes = {
      "gen_ai.usage.input_tokens": 10,
      "gen_ai.usage.output_tokens": 1,
      "gen_ai.usage.cache_read_input_tokens": 60,
      "gen_ai.usage.cache_creation_input_tokens": 30,
    };
    expect(readSpanUsage(attributes, { inputIncludesCache: false })).toEqual({
      ...{ input: 100, output: 1, cacheRead: 60, cacheWrite5m: 30 },
    });
  });

  it("reads nothing from a span without usage", () => {
    expect(readSpanUsage({ "http.request.method": "POST" })).toBeUndefined();
  });
});
