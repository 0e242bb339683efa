import { describe, expect, it } from "vitest";
import { estimateCost } from "../../src/cost/estimate-cost.ts";
import type { PriceTableInput } from "../../src/cost/price-table-input.ts";
import { priceTable } from "../../src/cost/prices.ts";

const usage = { input: 1_000, output: 100 };
const price = (table: PriceTableInput, provider: string | undefined, model: string, atMs?: number) =>
  estimateCost({ provider, model, usage, atMs }, priceTable(table));

describe("priceTable", () => {
  it("wins over the price library, and leaves the other models to it", () => {
    const table = { "gpt-4o": { input: 1, output: 2 } };
    expect(price(table, "openai", "gpt-4o")).toBe(1_200_000);
    expect(price(table, "openai", "gpt-4o-mini")).toBe(210_000);
  });

  it("prices each part at its own rate", () => {
    const table = priceTable({
      m: {
        ...{ input: 2, output: 8, cacheRead: 0.2, cacheWrite5m: 2.5, cacheWrite1h: 4 },
        ...{ inputAudio: 20, outputAudio: 40 },
      },
    });
    const parts = { cacheRead: 400, cacheWrite5m: 100, cacheWrite1h: 100, inputAudio: 50, outputAudio: 10 };
    // 350 * 2,000 + 400 * 200 + 100 * 2,500 + 100 * 4,000 + 50 * 20,000 + 90 * 8,000 + 10 * 40,000
    expect(estimateCost({ model: "m", usage: { ...usage, ...parts, reasoning: 80 } }, table)).toBe(3_550_000);
  });

  it("bills parts without a price of their own like the whole", () => {
    const table = priceTable({ m: { input: 2, output: 8 } });
    const parts = { cacheRead: 400, cacheWrite5m: 100, cacheWrite1h: 100, inputAudio: 50, outputAudio: 10 };
    expect(estimateCost({ model: "m", usage: { ...usage, ...parts } }, table)).toBe(2_800_000);
  });

  it("prefers the row for provider and model, by each of the provider's names", () => {
    const table = { mine: { input: 1, output: 1 }, "azure/mine": { input: 2, output: 2 } };
    expect(price(table, "openai", "mine")).toBe(1_100_000);
    for (const provider of ["azure", "azure.ai.openai", "azure.chat"]) {
      expect(price(table, provider, "mine")).toBe(2_200_000);
    }
    expect(price({ "azure.ai.openai/mine": { input: 3, output: 3 } }, "azure.ai.openai", "mine")).toBe(
      3_300_000,
    );
  });

  it("prices hosts of the user's own, and models whose name has a slash", () => {
    expect(price({ "ollama/llama3:8b": { input: 0, output: 0 } }, "ollama", "llama3:8b")).toBe(0);
    expect(price({ "meta/llama-9": { input: 1, output: 1 } }, "my-gateway", "Meta/Llama-9")).toBe(1_100_000);
  });

  it("prices a model's dated releases with it, unless they have a row", () => {
    const table = { "gpt-4o": { input: 1, output: 1 }, "gpt-4o-2024-05-13": { input: 2, output: 2 } };
    expect(price(table, "openai", "gpt-4o-2024-08-06")).toBe(1_100_000);
    expect(price(table, "openai", "gpt-4o-2024-05-13")).toBe(2_200_000);
    expect(price({ "claude-x": { input: 1, output: 1 } }, "anthropic", "claude-x-20260101")).toBe(1_100_000);
  });

  it("takes the row in force when the call was made", () => {
    const rows = [
      { from: "2026-07-01", input: 3, output: 3 },
      { input: 1, output: 1 },
      { from: "2026-01-01", input: 2, output: 2 },
    ];
    expect(price({ m: rows }, undefined, "m", Date.UTC(2025, 11, 31, 23, 59, 59, 999))).toBe(1_100_000);
    expect(price({ m: rows }, undefined, "m", Date.UTC(2026, 0, 1))).toBe(2_200_000);
    expect(price({ m: rows }, undefined, "m", Date.UTC(2027, 0, 1))).toBe(3_300_000);
  });

  it("leaves calls before the first row's day to the price library", () => {
    const table = {
      "gpt-4o": [{ from: "2026-01-01", input: 1, output: 1 }],
      m: [{ from: "2026-01-01", input: 1 }],
    };
    expect(price(table, "openai", "gpt-4o", Date.UTC(2025, 0, 1))).toBe(3_500_000);
    expect(price(table, "openai", "gpt-4o", Date.UTC(2026, 0, 1))).toBe(1_100_000);
    expect(price(table, "openai", "m", Date.UTC(2025, 0, 1))).toBeUndefined();
  });

  it("does not know the cost of output without a price for it", () => {
    expect(price({ embed: { input: 1 } }, undefined, "embed")).toBeUndefined();
    expect(
      estimateCost({ model: "embed", usage: { input: 5, output: 0 } }, priceTable({ embed: { input: 1 } })),
    ).toBe(5_000);
  });
});

describe("a price table that is wrong", () => {
  it.each<[unknown, RegExp]>([
    [[], /^prices: must be an object of prices by model, got an array/],
    [{ m: 5 }, /^prices: model "m": must be an object of prices, got 5/],
    [{ m: [] }, /^prices: model "m": at least one row/],
    [{ m: { output: 1 } }, /^prices: model "m": input must be a number, got undefined/],
    [{ m: { input: "2.5" } }, /^prices: model "m": input must be a number, got "2.5"/],
    [{ m: { input: -1 } }, /^prices: model "m": input must be between 0 and 1000000 USD .*, got -1/],
    [{ m: { input: Number.NaN } }, /input must be between .* got NaN/],
    [{ m: { input: 1e9 } }, /input must be between .* got 1000000000/],
    [{ m: { input: 2.5e-6 } }, /input must be USD per million tokens, got 0.0000025: is it per token/],
    [{ m: { input: 1, cache_read: 1 } }, /model "m": unknown field "cache_read", known are input, output/],
    [{ m: { input: 1, from: "2026-01-01" } }, /rows with "from" go into an array/],
    [
      { m: [{ input: 1, from: "2026-02-30" }] },
      /model "m", row 1: from must be a day as YYYY-MM-DD, got "2026-02-30"/,
    ],
    [{ m: [{ input: 1, from: 5 }] }, /from must be a day/],
    [{ m: [{ input: 1 }, { input: 2 }] }, /two rows with the same "from"/],
    [JSON.parse('{ "__proto__": { "input": 1 } }'), /model "__proto__": not a name/],
    [{ " ": { input: 1 } }, /not a name/],
  ])("says where and what: %j", (input, message) => {
    expect(() => priceTable(input as PriceTableInput)).toThrow(message);
  });
});
