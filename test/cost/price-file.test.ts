import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { estimateCost } from "../../src/cost/estimate-cost.ts";
import { readPriceFile } from "../../src/cost/price-file.ts";
import { PriceFileError } from "../../src/errors/price-file-error.ts";

const folder = mkdtempSync(join(tmpdir(), "prices-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (text: string) => {
  const path = join(folder, "prices.json");
  writeFileSync(path, text);
  return path;
};

describe("readPriceFile", () => {
  it("gives the prices that the file holds", () => {
    const path = file(
      '\uFEFF{ "m": { "input": 2.5, "output": 10 }, "azure/d": [{ "from": "2026-01-01", "input": 1 }] }',
    );
    expect(estimateCost({ model: "m", usage: { input: 10, output: 1 } }, readPriceFile(path))).toBe(35_000);
  });

  it.each([
    ["not JSON", "{ m: 1 }", /prices\.json: not JSON \(/],
    [
      "a wrong value",
      '{ "m": { "input": -2 } }',
      /prices\.json: model "m": input must be between .* got -2$/,
    ],
    ["a hostile key", '{ "__proto__": { "input": 1 } }', /prices\.json: model "__proto__"/],
    ["too much", `{ "m": "${"x".repeat(1_048_576)}" }`, /prices\.json: at most 1048576 bytes, got 10485\d\d/],
  ])("names the file and what is wrong with it: %s", (_what, text, message) => {
    const path = file(text);
    expect(() => readPriceFile(path)).toThrow(message);
    expect(() => readPriceFile(path)).toThrow(expect.objectContaining({ code: "price_file", file: path }));
  });

  it("says when there is no such file, or it is a folder", () => {
    const missing = join(folder, "missing.json");
    expect(() => readPriceFile(missing)).toThrow(PriceFileError);
    expect(() => readPriceFile(missing)).toThrow(/missing\.json: ENOENT/);
    expect(() => readPriceFile(folder)).toThrow(/not a file/);
  });
});
