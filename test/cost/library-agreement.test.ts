import fc from "fast-check";
import { expect, it } from "vitest";
import { compilePrice } from "../../src/cost/compile-price.ts";
import { libraryUsage, UncompiledPrice } from "../../src/cost/library-price.ts";
import type { ModelPrice } from "../../src/cost/model-price.ts";
import { priceLibrary } from "../../src/cost/price-library.ts";
import type { TokenUsage } from "../../src/cost/token-usage.ts";

const library = priceLibrary()!;
const providers = await library.waitForUpdate();
const models = providers!.flatMap((provider) =>
  provider.models.map((model) => ({ provider, model, price: compilePrice(model) })),
);

/** Usage that adds up, often just around the sizes where prices change. */
const usages: fc.Arbitrary<TokenUsage> = fc
  .record({
    input: fc.oneof(
      fc.integer({ min: 0, max: 2_000_000 }),
      fc.constantFrom(0, 1, 128_000, 128_001, 199_999, 200_000, 200_001, 271_999, 272_000, 272_001, 512_001),
    ),
    output: fc.integer({ min: 0, max: 200_000 }),
    shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }),
  })
  .map(({ input, output, shares }) => {
    const share = (index: number, whole: number) => Math.floor(shares[index]! * whole);
    const cacheRead = share(0, input);
    const cacheWrite5m = share(1, input - cacheRead);
    const cacheWrite1h = share(2, input - cacheRead - cacheWrite5m);
    const inputAudio = share(3, input - cacheWrite5m - cacheWrite1h);
    const reasoning = share(4, output);
    return {
      ...{ input, output, cacheRead, cacheWrite5m, cacheWrite1h, inputAudio },
      ...{ reasoning, outputAudio: share(5, output - reasoning) },
    };
  });
const times = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2028, 0, 1) });

it("compiles every model that the library lists", () => {
  expect(models.length).toBeGreaterThan(1_500);
  expect(models.filter(({ price }) => price === undefined).map(({ model }) => model.id)).toEqual([]);
});

it("agrees with the library to the last nano-dollar, for any usage at any time", { timeout: 60_000 }, () => {
  let priced = 0;
  fc.assert(
    fc.property(fc.constantFrom(...models), usages, times, ({ provider, model, price }, usage, atMs) => {
      // Our one-hour rule for Claude outside Anthropic is the one thing that the library does not know.
      const known = provider.id === "anthropic" ? usage : withoutOneHourWrites(usage);
      // A provider of one model, so that this and no namesake is priced.
      const only = { ...provider, models: [{ ...model, match: { equals: "it" } }] };
      const theirs = library.calcPrice(libraryUsage(known), "it", {
        provider: only,
        timestamp: new Date(atMs),
      })!;
      const ours = price!.nanoUsd(known, atMs);
      if (ours === undefined) {
        const unpriced = (key: string, tokens: number) => !(key in theirs.model_price) && tokens > 0;
        const free = !("input_mtok" in theirs.model_price) && !("output_mtok" in theirs.model_price);
        expect(free || unpriced("input_mtok", known.input) || unpriced("output_mtok", known.output)).toBe(
          true,
        );
        return;
      }
      priced++;
      // Theirs is a sum of floating-point numbers: rounded, it is ours, but for ties that it misses by a hair.
      const exact = theirs.total_price * 1e9;
      expect(Math.abs(exact - ours)).toBeLessThanOrEqual(0.5 + Math.abs(exact) * 1e-12);
    }),
    { numRuns: 10_000 },
  );
  expect(priced).toBeGreaterThan(5_000);
});

function withoutOneHourWrites(usage: TokenUsage): TokenUsage {
  const { cacheWrite5m = 0, cacheWrite1h = 0 } = usage;
  return { ...usage, cacheWrite5m: cacheWrite5m + cacheWrite1h, cacheWrite1h: 0 };
}

it("asks the library itself for what cannot be compiled, with the same answer", () => {
  const usage = { input: 1_000, output: 500, cacheRead: 800 };
  const asked: ModelPrice = new UncompiledPrice(library, "openai", "gpt-4o");
  expect(asked.nanoUsd(usage)).toBe(6_500_000);
  expect(asked.nanoUsd({ input: 1, output: 0, cacheRead: 2 })).toBeUndefined();
  expect(new UncompiledPrice(library, "openai", "whisper-1").nanoUsd(usage)).toBeUndefined();
});

it("leaves to the library what numbers cannot say", () => {
  const model = { id: "m", match: { equals: "m" } };
  const audioWrites = { input_mtok: 1, output_mtok: 1, input_audio_mtok: 2, cache_write_mtok: 2 };
  expect(compilePrice({ ...model, prices: audioWrites })).toBeUndefined();
  const odd = { type: "time_of_date" as const, start_time: "01:00:00+02:00", end_time: "02:00:00Z" };
  expect(
    compilePrice({ ...model, prices: [{ constraint: odd, prices: { input_mtok: 1 } }] }),
  ).toBeUndefined();
});
