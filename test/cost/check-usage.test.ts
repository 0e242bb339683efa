import { expect, it } from "vitest";
import { checkUsage } from "../../src/cost/check-usage.ts";
import type { TokenUsage } from "../../src/cost/token-usage.ts";

it("accepts usage that adds up", () => {
  checkUsage("recordUsage", { input: 10, output: 0 });
  checkUsage("recordUsage", {
    input: 10,
    output: 5,
    cacheRead: 4,
    cacheWrite5m: 3,
    cacheWrite1h: 3,
    reasoning: 5,
  });
});

it.each<[TokenUsage, RegExp]>([
  [{ input: -1, output: 0 }, /^recordUsage: input must be .* got -1$/],
  [{ input: 1.5, output: 0 }, /^recordUsage: input must be .* got 1.5$/],
  [{ input: 1, output: Number.NaN }, /^recordUsage: output must be .* got NaN$/],
  [{ input: 1, output: 1, cacheRead: 2 }, /^recordUsage: cacheRead is part of input/],
  [{ input: 1, output: 1, reasoning: 2 }, /^recordUsage: reasoning is part of output/],
])("names the count and its value: %j", (usage, message) => {
  expect(() => checkUsage("recordUsage", usage)).toThrow(message);
  expect(() => checkUsage("recordUsage", usage)).toThrow(RangeError);
});
