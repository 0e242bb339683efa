import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { burstOf, limited, MINUTE_MS, pass, watched } from "./support.ts";

/** As the clients of providers throw it. */
function providerError(status: number, headers: unknown): Error {
  return Object.assign(new Error("too many requests"), { status, headers });
}

const LONG_BURST = { perMinute: 600, burst: 100 };

describe("an error of a provider that says when to come back", () => {
  it.each([
    ["seconds", { "retry-after": "20" }, 20_000],
    ["parts of a second", { "retry-after": "0.5" }, 500],
    ["milliseconds, which are more exact", { "retry-after": "20", "retry-after-ms": "19500" }, 19_500],
    ["a date", { "retry-after": "Thu, 01 Jan 1970 00:00:30 GMT" }, 30_000],
    [
      "a date, by the clock that made it",
      { "retry-after": "Wed, 01 Jul 2026 00:00:30 GMT", date: "Wed, 01 Jul 2026 00:00:10 GMT" },
      20_000,
    ],
    ["names in another case", { "Retry-After": 20 }, 20_000],
    ["a list of values", { "retry-after": ["20", "30"] }, 20_000],
    ["a Headers object", new Headers({ "Retry-After": "20" }), 20_000],
    ["more than five minutes, of which it heeds five", { "retry-after": "86400" }, 5 * MINUTE_MS],
  ])("pauses the key for %s", async (_form, headers, ms) => {
    const { limiter, time } = limited(LONG_BURST);
    const error = providerError(429, headers);
    await expect(limiter.execute(() => Promise.reject(error))).rejects.toBe(error);
    expect(limiter.tryAcquire()).toMatchObject({
      allowed: false,
      remaining: 0,
      reason: "paused",
      retryAfterMs: ms,
    });
    time.advance(ms - 1);
    expect(limiter.tryAcquire().allowed).toBe(false);
    time.advance(1);
    expect(limiter.tryAcquire().allowed).toBe(true);
  });

  it.each([
    ["no header", 429, {}],
    ["a wait of 0", 429, { "retry-after": "0" }],
    ["a negative wait", 429, { "retry-after": "-5" }],
    ["nonsense", 429, { "retry-after": "soon" }],
    ["a hexadecimal", 429, { "retry-after": "0x10" }],
    ["a date in the past", 429, { "retry-after": "Thu, 01 Jan 1970 00:00:00 GMT" }],
    ["another status", 500, { "retry-after": "20" }],
  ])("pauses nothing for %s", (_form, status, headers) => {
    const { limiter, time } = limited(LONG_BURST);
    time.advance(10_000);
    limiter.recordFailure(providerError(status, headers));
    expect(limiter.tryAcquire().allowed).toBe(true);
  });

  it("is that of the openai client", () => {
    const { limiter } = limited(LONG_BURST);
    limiter.recordFailure(
      new OpenAI.RateLimitError(429, {}, "slow down", new Headers({ "retry-after": "7" })),
    );
    expect(limiter.tryAcquire()).toMatchObject({ reason: "paused", retryAfterMs: 7_000 });
  });

  it("is that of the Anthropic client, also when it is overloaded", () => {
    const { limiter } = limited(LONG_BURST);
    const headers = new Headers({ "retry-after": "7" });
    limiter.recordFailure(Anthropic.APIError.generate(529, { error: {} }, "overloaded", headers));
    expect(limiter.tryAcquire()).toMatchObject({ reason: "paused", retryAfterMs: 7_000 });
  });

  it("is one that keeps its answer in `response`", () => {
    const { limiter } = limited(LONG_BURST);
    limiter.recordFailure({ response: { status: 429, headers: { "retry-after": "7" } } });
    expect(limiter.tryAcquire()).toMatchObject({ reason: "paused", retryAfterMs: 7_000 });
  });

  it("pauses its own key alone", () => {
    const { limiter } = limited(LONG_BURST);
    limiter.recordFailure(providerError(429, { "retry-after": "20" }), "a");
    expect(burstOf(limiter, 1, "a")).toBe(0);
    expect(burstOf(limiter, 1, "b")).toBe(1);
  });

  it("does not shorten a pause", () => {
    const { limiter, time } = limited(LONG_BURST);
    limiter.recordFailure(providerError(429, { "retry-after": "60" }));
    limiter.recordFailure(providerError(429, { "retry-after": "1" }));
    time.advance(59_999);
    expect(limiter.tryAcquire().allowed).toBe(false);
  });

  it("spreads the end of a pause by up to a tenth, and never before what was asked", () => {
    const { limiter } = limited({ ...LONG_BURST, random: () => 1 });
    limiter.recordFailure(providerError(429, { "retry-after": "20" }));
    expect(limiter.tryAcquire().retryAfterMs).toBe(22_000);
  });

  it("holds those who wait already", async () => {
    const { limiter, time } = limited({ perMinute: 60 });
    await limiter.acquire();
    const waiting = watched(limiter.acquire());
    limiter.recordFailure(providerError(429, { "retry-after": "20" }));
    await pass(time, 19_999);
    expect(waiting.state()).toBe("waiting");
    await pass(time, 1);
    expect(waiting.state()).toBe("done");
  });

  it("cannot throw into the program, whatever it is", () => {
    const { limiter } = limited(LONG_BURST);
    const hostile = {
      status: 429,
      get headers() {
        throw new Error("hostile");
      },
    };
    for (const error of [undefined, null, 5, "x", hostile, { status: 429, headers: 5 }])
      expect(() => limiter.recordFailure(error)).not.toThrow();
  });
});

describe("what a provider says is left", () => {
  it("lowers the limit to it", () => {
    const { limiter, time } = limited(LONG_BURST);
    limiter.recordHeaders(new Headers({ "x-ratelimit-remaining-requests": "3" }));
    expect(burstOf(limiter, 100)).toBe(3);
    time.advance(100);
    expect(burstOf(limiter, 100)).toBe(1);
  });

  it("never raises it", () => {
    const { limiter } = limited(LONG_BURST);
    burstOf(limiter, 95);
    limiter.recordHeaders({ "anthropic-ratelimit-requests-remaining": "1000" });
    expect(burstOf(limiter, 100)).toBe(5);
  });

  it("is of tokens too", () => {
    const { limiter } = limited({ tokensPerMinute: 1_000 });
    limiter.recordHeaders({ "x-ratelimit-remaining-tokens": "200" });
    expect(limiter.tryAcquire({ tokens: 201 }).allowed).toBe(false);
    expect(limiter.tryAcquire({ tokens: 200 }).allowed).toBe(true);
  });

  it("is heeded on an error as well", async () => {
    const { limiter } = limited(LONG_BURST);
    const error = providerError(500, { "x-ratelimit-remaining-requests": "0" });
    await limiter.execute(() => Promise.reject(error)).catch(() => {});
    expect(limiter.tryAcquire()).toMatchObject({ allowed: false, reason: "rate" });
  });

  it.each(["", "-1", "many", "1e9"])("is ignored where it is %j", (value) => {
    const { limiter } = limited(LONG_BURST);
    limiter.recordHeaders({ "x-ratelimit-remaining-requests": value });
    expect(burstOf(limiter, 200)).toBe(100);
  });
});
