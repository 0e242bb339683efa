import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAnthropicUsage } from "../../../src/cost/readers/anthropic.ts";
import { readOpenAiChatUsage } from "../../../src/cost/readers/openai-chat.ts";
import { readOpenAiResponsesUsage } from "../../../src/cost/readers/openai-responses.ts";
import type { OnInvalid } from "../../../src/cost/readers/raw-usage.ts";
import { readSpanUsage } from "../../../src/cost/readers/span-attributes.ts";
import type { TokenUsage } from "../../../src/cost/token-usage.ts";

const readers: [string, (usage: unknown, onInvalid?: OnInvalid) => TokenUsage | undefined][] = [
  ["readOpenAiChatUsage", readOpenAiChatUsage],
  ["readOpenAiResponsesUsage", readOpenAiResponsesUsage],
  ["readAnthropicUsage", readAnthropicUsage],
  ["readSpanUsage", (usage, onInvalid) => readSpanUsage(usage, onInvalid ? { onInvalid } : {})],
];

const names = [
  ...["prompt_tokens", "completion_tokens", "total_tokens", "input_tokens", "output_tokens"],
  ...["prompt_tokens_details", "completion_tokens_details", "input_tokens_details", "output_tokens_details"],
  ...["cached_tokens", "cache_write_tokens", "reasoning_tokens", "audio_tokens", "thinking_tokens"],
  ...[
    "cache_creation",
    "ephemeral_1h_input_tokens",
    "cache_read_input_tokens",
    "cache_creation_input_tokens",
  ],
  ...["gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "gen_ai.usage.cache_read.input_tokens"],
];
const values = fc.oneof(fc.nat(1_000), fc.nat(1_000), fc.anything());
const objects = fc.dictionary(
  fc.constantFrom(...names),
  fc.oneof(values, fc.dictionary(fc.constantFrom(...names), values)),
);

describe.each(readers)("%s", (_name, read) => {
  it("has no usage for what is no object", () => {
    for (const nothing of [undefined, null, 0, 12, "usage", true, [], Symbol("s"), () => 1]) {
      expect(read(nothing)).toBeUndefined();
    }
  });

  it("survives getters that throw, and revoked proxies", () => {
    const hostile = new Proxy({}, { get: () => raise() });
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(read(hostile)).toBeUndefined();
    expect(read(proxy)).toBeUndefined();
  });

  it("survives a callback that throws", () => {
    const every = Object.fromEntries(names.map((name) => [name, -1]));
    expect(() => read(every, raise)).not.toThrow();
  });

  it("gives nothing but whole counts whose parts fit into their wholes", () => {
    fc.assert(
      fc.property(objects, (raw) => {
        const usage = read(raw);
        if (usage === undefined) return;
        for (const value of Object.values(usage))
          expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
        const { input, output, cacheRead = 0, cacheWrite5m = 0, cacheWrite1h = 0 } = usage;
        expect(cacheRead + cacheWrite5m + cacheWrite1h).toBeLessThanOrEqual(input);
        expect(usage.inputAudio ?? 0).toBeLessThanOrEqual(input);
        expect(Math.max(usage.reasoning ?? 0, usage.outputAudio ?? 0)).toBeLessThanOrEqual(output);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("what cannot be right", () => {
  const reported = (usage: unknown) => {
    const dropped: [string, unknown][] = [];
    return { usage: readOpenAiChatUsage(usage, (field, value) => dropped.push([field, value])), dropped };
  };

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "12", 12n, {}])(
    "is dropped and reported: %s",
    (value) => {
      const raw = {
        prompt_tokens: 10,
        completion_tokens: 5,
        prompt_tokens_details: { cached_tokens: value },
      };
      expect(reported(raw)).toEqual({ usage: { input: 10, output: 5 }, dropped: [["cacheRead", value]] });
    },
  );

  it("drops a part that is larger than its whole", () => {
    const raw = {
      ...{ prompt_tokens: 10, completion_tokens: 5 },
      prompt_tokens_details: { cached_tokens: 8, cache_write_tokens: 3, audio_tokens: 11 },
      completion_tokens_details: { reasoning_tokens: 6 },
    };
    expect(reported(raw)).toEqual({
      usage: { input: 10, output: 5, cacheRead: 8 },
      dropped: [
        ["cacheWrite5m", 3],
        ["inputAudio", 11],
        ["reasoning", 6],
      ],
    });
  });

  it("drops the whole usage when a whole is wrong, since half of it would be priced as if it were all", () => {
    expect(reported({ prompt_tokens: -1, completion_tokens: 5 })).toEqual({
      usage: undefined,
      dropped: [["input", -1]],
    });
    expect(reported({ prompt_tokens: 1, completion_tokens: Number.NaN }).usage).toBeUndefined();
  });

  it("says nothing about what was not said", () => {
    expect(reported(undefined).dropped).toEqual([]);
    expect(reported({ prompt_tokens: 1, completion_tokens: 1, prompt_tokens_details: null }).dropped).toEqual(
      [],
    );
  });
});

function raise(): never {
  throw new Error("hostile");
}
