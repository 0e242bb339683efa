import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, describe, expect, it } from "vitest";
import { CallTimeoutError } from "../../../src/errors/call-timeout-error.ts";
import { CircuitOpenError } from "../../../src/errors/circuit-open-error.ts";
import { NoEligibleModelError } from "../../../src/errors/no-eligible-model-error.ts";
import { MINI, NANO, sourceRouter, TASK } from "./support/source-router.ts";

function answered(status: number, headers: unknown = {}): Error {
  return Object.assign(new Error(`answered with ${status}`), { status, headers });
}

/** Two models of which the first is the cheaper one. */
function setUp(options: Parameters<typeof sourceRouter>[0] = {}) {
  const all = sourceRouter({ models: [NANO, MINI], ...options });
  const pick = () => {
    const decision = all.router.route(TASK);
    all.router.release(decision);
    return decision.model;
  };
  const fail = (error: unknown) => all.router.report(all.router.route(TASK), error);
  return { ...all, pick, fail };
}

afterEach(() => diag.disable());

describe("a model that was rate limited", () => {
  it.each([
    ["seconds", { "retry-after": "20" }, 20_000],
    ["milliseconds", { "retry-after-ms": "1500", "retry-after": "2" }, 1_500],
    ["a fraction", { "retry-after": "1.5" }, 1_500],
    ["a date", { "Retry-After": "Thu, 01 Jan 2026 00:00:30 GMT" }, 30_000],
    ["the Headers of fetch", new Headers({ "Retry-After": "7" }), 7_000],
    ["an hour, of which five minutes are believed", { "retry-after": "3600" }, 300_000],
    ["nothing", {}, 5_000],
    ["nonsense", { "retry-after": "-5" }, 5_000],
    ["a date in the past", { "retry-after": "Wed, 31 Dec 2025 00:00:00 GMT" }, 5_000],
  ])("is left alone for as long as the provider asks: %s", (_, headers, ms) => {
    const { pick, fail, clock } = setUp();
    fail(answered(429, headers));
    clock.advance(ms - 1);
    expect(pick()).toBe("gpt-4.1-mini");
    clock.advance(1);
    expect(pick()).toBe("gpt-4.1-nano");
  });

  it("is left alone for as long as an error of the AI SDK says", () => {
    const { pick, fail, clock } = setUp();
    fail(Object.assign(new Error(), { statusCode: 429, responseHeaders: { "retry-after": "20" } }));
    clock.advance(19_999);
    expect(pick()).toBe("gpt-4.1-mini");
  });

  it("is left alone no longer than the router allows a provider to ask", () => {
    const { pick, fail, clock } = setUp({ cooldowns: { maxRetryAfterMs: 2_000 } });
    fail(answered(429, { "retry-after": "20" }));
    clock.advance(2_000);
    expect(pick()).toBe("gpt-4.1-nano");
  });

  it("is left alone for as long as it says, whatever the wall clock does", () => {
    const { pick, fail, clock } = setUp();
    fail(answered(429, { "retry-after": "20" }));
    clock.setWallClock(clock.now() + 3_600_000);
    expect(pick()).toBe("gpt-4.1-mini");
  });

  it("is not asked earlier because a later answer asks for less", () => {
    const { router, pick, clock } = setUp();
    const [one, other] = [router.route(TASK), router.route(TASK)];
    router.report(one, answered(429, { "retry-after": "60" }));
    router.report(other, answered(429, { "retry-after": "1" }));
    clock.advance(30_000);
    expect(pick()).toBe("gpt-4.1-mini");
  });

  it("does not count at its breaker", () => {
    const { fail, breakers } = setUp();
    fail(answered(429));
    expect(breakers.has("gpt-4.1-nano")).toBe(false);
  });

  it("says with a refusal when the first one can be asked again", () => {
    const { router, fail } = setUp();
    fail(answered(429, { "retry-after": "20" }));
    fail(answered(429, { "retry-after": "10" }));
    const refused = expect.objectContaining({
      retryAfterMs: 10_000,
      models: [
        expect.objectContaining({ model: "gpt-4.1-nano", reasons: ["cooling"], retryAfterMs: 20_000 }),
        expect.objectContaining({ model: "gpt-4.1-mini", reasons: ["cooling"], retryAfterMs: 10_000 }),
      ],
    });
    expect(() => router.route(TASK)).toThrow(refused);
  });

  it("by an overloaded provider (529) is treated alike, and that counts at its breaker as well", () => {
    const { pick, fail, breakers } = setUp();
    fail(answered(529));
    expect(pick()).toBe("gpt-4.1-mini");
    expect(breakers.has("gpt-4.1-nano")).toBe(true);
  });
});

describe("a model whose key, rights or name are wrong", () => {
  it.each([401, 403, 404])("is left alone for an hour after %d", (status) => {
    const { pick, fail, clock } = setUp();
    fail(answered(status));
    clock.advance(3_599_999);
    expect(pick()).toBe("gpt-4.1-mini");
    clock.advance(1);
    expect(pick()).toBe("gpt-4.1-nano");
  });

  it("is warned of once", () => {
    const warnings: string[] = [];
    const warn = (message: string) => void warnings.push(message);
    const none = () => {};
    diag.setLogger({ error: none, warn, info: none, debug: none, verbose: none }, DiagLogLevel.WARN);
    const { router } = setUp({ name: "warned" });
    const [one, other] = [router.route(TASK), router.route(TASK)];
    router.report(one, answered(401));
    router.report(other, answered(401));
    const ours = warnings.filter((text) => text.includes('router "warned"'));
    expect(ours).toEqual([expect.stringContaining("leaves gpt-4.1-nano alone for 3600000 ms")]);
  });

  it("may be asked again at once when somebody has put it right", () => {
    const { router, pick, fail } = setUp();
    fail(answered(404));
    router.resume("gpt-4.1-nano");
    expect(pick()).toBe("gpt-4.1-nano");
  });
});

describe("a model that is down", () => {
  it.each([
    ["answers with 500", answered(500)],
    ["answers with 503", answered(503)],
    ["times out", new CallTimeoutError(1_000)],
    ["cannot be reached", Object.assign(new Error("ECONNREFUSED"), { code: "ECONNREFUSED" })],
  ])("is not picked once its breaker is open: it %s", (_, error) => {
    const { pick, fail } = setUp();
    fail(error);
    expect(pick()).toBe("gpt-4.1-nano");
    fail(error);
    expect(pick()).toBe("gpt-4.1-mini");
  });

  it("is picked again when its breaker lets a trial call through", () => {
    const { pick, fail, clock } = setUp();
    fail(answered(500));
    fail(answered(500));
    clock.advance(120_000);
    expect(pick()).toBe("gpt-4.1-nano");
  });

  it("closes its breaker with a call that goes well", () => {
    const { router, fail, clock, breakers } = setUp();
    fail(answered(500));
    fail(answered(500));
    clock.advance(120_000);
    router.record(router.route(TASK), { costUsd: 0 });
    expect(breakers.get("gpt-4.1-nano").state).toBe("closed");
  });

  it("and is forced open is not picked, nor are others when none is left", () => {
    const { router, breakers } = setUp();
    breakers.get("gpt-4.1-nano").forceOpen();
    breakers.get("gpt-4.1-mini").forceOpen();
    const refused = expect.objectContaining({
      retryAfterMs: undefined,
      models: [
        expect.objectContaining({ reasons: ["breaker"] }),
        expect.objectContaining({ reasons: ["breaker"] }),
      ],
    });
    expect(() => router.route(TASK)).toThrow(NoEligibleModelError);
    expect(() => router.route(TASK)).toThrow(refused);
  });

  it("may have a breaker of another name", () => {
    const { pick, breakers } = setUp({ models: [{ ...NANO, breaker: "openai" }, MINI] });
    breakers.get("openai").forceOpen();
    expect(pick()).toBe("gpt-4.1-mini");
  });

  it("whose calls go through the breaker anyway does not count twice", () => {
    const { fail, breakers } = setUp({ tellsBreakers: false });
    fail(answered(500));
    expect(breakers.has("gpt-4.1-nano")).toBe(false);
  });

  it("and says when to come back is left alone until then", () => {
    const { pick, fail, clock } = setUp();
    fail(answered(503, { "retry-after": "20" }));
    clock.advance(19_999);
    expect(pick()).toBe("gpt-4.1-mini");
  });
});

describe("what says nothing about a model", () => {
  it.each([
    ["a bad request", answered(400)],
    ["a call that the caller gave up", new DOMException("aborted", "AbortError")],
    ["a refusal of our own", new CircuitOpenError("other", 1)],
  ])("leaves it eligible: %s", (_, error) => {
    const { pick, fail, breakers } = setUp();
    for (let i = 0; i < 5; i++) fail(error);
    expect(pick()).toBe("gpt-4.1-nano");
    expect(breakers.has("gpt-4.1-nano")).toBe(false);
  });
});
