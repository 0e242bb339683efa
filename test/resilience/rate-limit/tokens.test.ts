import { describe, expect, it } from "vitest";
import { DAY_MS, HOUR_MS, limited } from "./support.ts";

describe("limits on tokens", () => {
  it("let a minute's tokens through at once, and then as they come back", () => {
    const { limiter, time } = limited({ tokensPerMinute: 6_000 });
    expect(limiter.tryAcquire({ tokens: 6_000 }).allowed).toBe(true);
    expect(limiter.tryAcquire({ tokens: 100 })).toMatchObject({ allowed: false, retryAfterMs: 1_000 });
    time.advance(1_000);
    expect(limiter.tryAcquire({ tokens: 100 }).allowed).toBe(true);
  });

  it("give back what a call did not take", async () => {
    const { limiter } = limited({ tokensPerMinute: 1_000, tokensPerDay: 1_000 });
    const permit = await limiter.acquire({ tokens: 1_000 });
    permit.report(300);
    expect(limiter.tryAcquire({ tokens: 701 }).allowed).toBe(false);
    expect(limiter.tryAcquire({ tokens: 700 }).allowed).toBe(true);
  });

  it("make those after it wait for what a call took beyond what was expected", async () => {
    const { limiter, time } = limited({ tokensPerMinute: 6_000 });
    (await limiter.acquire({ tokens: 1_000 })).report(9_000);
    expect(limiter.tryAcquire({ tokens: 0 })).toMatchObject({ allowed: false, retryAfterMs: 30_000 });
    time.advance(30_000);
    expect(limiter.tryAcquire({ tokens: 0 }).allowed).toBe(true);
  });

  it("count a report once", async () => {
    const { limiter } = limited({ tokensPerMinute: 1_000 });
    const permit = await limiter.acquire({ tokens: 1_000 });
    permit.report(500);
    permit.report(0);
    expect(limiter.tryAcquire({ tokens: 501 }).allowed).toBe(false);
  });

  it.each([-1, 1.5, Number.NaN])("refuse a report of %s", async (tokens) => {
    const { limiter } = limited({ tokensPerMinute: 1_000 });
    const permit = await limiter.acquire({ tokens: 10 });
    expect(() => permit.report(tokens)).toThrow(RangeError);
    expect(() => limiter.report(tokens)).toThrow(RangeError);
  });

  it("take a report without a permit too", () => {
    const { limiter } = limited({ tokensPerMinute: 1_000, tokens: 400 });
    limiter.tryAcquire({ key: "a" });
    limiter.report(1_000, { key: "a" });
    expect(limiter.tryAcquire({ key: "a", tokens: 1 }).allowed).toBe(false);
    limiter.tryAcquire({ key: "b", tokens: 900 });
    limiter.report(0, { key: "b", tokens: 900 });
    expect(limiter.tryAcquire({ key: "b", tokens: 1_000 }).allowed).toBe(true);
  });

  it("give back to a day what was taken in hours before", async () => {
    const { limiter, time } = limited({ tokensPerDay: 1_000 });
    const first = await limiter.acquire({ tokens: 600 });
    time.advance(HOUR_MS);
    await limiter.acquire({ tokens: 100 });
    first.report(0);
    expect(limiter.tryAcquire({ tokens: 901 }).allowed).toBe(false);
    expect(limiter.tryAcquire({ tokens: 900 }).allowed).toBe(true);
    time.advance(DAY_MS + HOUR_MS);
    expect(limiter.tryAcquire({ tokens: 1_000 })).toMatchObject({ allowed: true, remaining: 0 });
  });

  it.each([
    ["OpenAI", { usage: { total_tokens: 700, prompt_tokens: 600 } }, 700],
    ["Anthropic", { usage: { input_tokens: 500, output_tokens: 150, cache_creation_input_tokens: 50 } }, 700],
    ["nobody", { usage: { words: 5 } }, 100],
  ])("read what a function took from an answer of %s", async (_provider, answer, tokens) => {
    const { limiter } = limited({ tokensPerMinute: 1_000, tokens: 100 });
    expect(await limiter.execute(async () => answer)).toBe(answer);
    expect(limiter.tryAcquire({ tokens: 0 }).remaining).toBe(1_000 - tokens);
  });

  it("keep an answer whose tokens cannot be read", async () => {
    const tokensOf = () => {
      throw new Error("no usage");
    };
    const { limiter } = limited({ tokensPerMinute: 1_000, tokensOf });
    expect(await limiter.execute(async () => "answer")).toBe("answer");
  });
});
