import { DiagLogLevel, diag } from "@opentelemetry/api";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { FAILURE_FIELD } from "../../../src/resilience/failure-mark.ts";
import {
  type CachedFallbackOptions,
  cachedFallback,
} from "../../../src/resilience/fallback/cached-fallback.ts";
import { wrap } from "../../../src/resilience/wrap.ts";
import { ManualClock } from "../../../src/testing/index.ts";
import { ask, boom, given, tell } from "./support.ts";

function setUp(options: Partial<CachedFallbackOptions> = {}) {
  const clock = new ManualClock();
  return { clock, cached: cachedFallback({ maxAgeMs: 1_000, clock, ...options }) };
}

function warnings(): readonly string[] {
  const said: string[] = [];
  const quiet = () => {};
  diag.setLogger(
    { error: quiet, warn: (message) => said.push(message), info: quiet, debug: quiet, verbose: quiet },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  onTestFinished(() => diag.disable());
  return said;
}

describe("a cached fallback", () => {
  it("answers a failed call with what the same call had last, and its age", async () => {
    const { cached, clock } = setUp();
    let works = true;
    const research = wrap()
      .onFailure(cached)
      .aroundOutcome(async (question: string) => {
        if (!works) throw boom;
        return `about ${question}`;
      });
    await research("storms");
    works = false;
    clock.advance(400);
    expect(await research("storms")).toMatchObject({
      value: "about storms",
      fallback: { kind: "cached", ageMs: 400 },
      error: boom,
    });
  });

  it("has nothing to offer for another input", async () => {
    const { cached } = setUp();
    tell(cached, "answer", { args: ["storms"] });
    expect(await ask(cached, { args: ["floods"] })).toBeUndefined();
  });

  it("has nothing to offer for the same input to another breaker", async () => {
    const { cached } = setUp();
    tell(cached, "answer", { name: "researcher" });
    expect(await ask(cached, { name: "writer" })).toBeUndefined();
  });

  it("answers up to the age it was given, and not after", async () => {
    const { cached, clock } = setUp();
    tell(cached, "answer");
    clock.advance(1_000);
    expect(await ask(cached)).toEqual({ value: "answer", ageMs: 1_000 });
    clock.advance(1);
    expect(await ask(cached)).toBeUndefined();
  });

  it("keeps an answer of nothing as an answer", async () => {
    const { cached } = setUp();
    tell(cached, undefined);
    expect(await ask(cached)).toEqual({ value: undefined, ageMs: 0 });
  });

  it("keeps what the call had, whatever becomes of the object", async () => {
    const { cached } = setUp();
    const state = { notes: ["one"] };
    tell(cached, state);
    state.notes.push("two");
    expect((await ask(cached))?.value).toEqual({ notes: ["one"] });
  });

  it("gives each caller a copy of its own", async () => {
    const { cached } = setUp();
    tell(cached, { notes: ["one"] });
    given<{ notes: string[] }>(await ask(cached)).notes.push("two");
    expect((await ask(cached))?.value).toEqual({ notes: ["one"] });
  });

  it("keeps maps, sets, dates and bytes as what they are", async () => {
    const { cached } = setUp();
    const value = {
      map: new Map([["a", new Set([1])]]),
      at: new Date(7),
      bytes: new Uint8Array([1, 2]),
      big: 3n,
    };
    tell(cached, value);
    expect((await ask(cached))?.value).toEqual(value);
  });

  it("forgets the answer that was not used for the longest", async () => {
    const { cached } = setUp({ maxEntries: 2 });
    for (const question of ["a", "b"]) tell(cached, question, { args: [question] });
    await ask(cached, { args: ["a"] });
    tell(cached, "c", { args: ["c"] });
    expect(await ask(cached, { args: ["b"] })).toBeUndefined();
    expect(await ask(cached, { args: ["a"] })).toMatchObject({ value: "a" });
  });

  it("forgets answers when they take too many bytes", async () => {
    const { cached } = setUp({ maxBytes: 25_000 });
    for (const question of ["a", "b", "c"]) tell(cached, "x".repeat(10_000), { args: [question] });
    expect(await ask(cached, { args: ["a"] })).toBeUndefined();
    expect(await ask(cached, { args: ["c"] })).toBeDefined();
  });

  it("does not throw out all others for an answer that is too large by itself", async () => {
    const { cached } = setUp({ maxBytes: 25_000 });
    tell(cached, "small", { args: ["a"] });
    tell(cached, "x".repeat(30_000), { args: ["b"] });
    expect(await ask(cached, { args: ["a"] })).toBeDefined();
  });

  it("never keeps an answer that is marked as failed", async () => {
    const { cached } = setUp();
    tell(cached, { draft: "from a backup", [FAILURE_FIELD]: { message: "boom" } });
    expect(await ask(cached)).toBeUndefined();
  });

  it("answers with the last good state where the input is marked because of an earlier failure", async () => {
    const { cached } = setUp();
    tell(cached, { draft: "good" }, { args: [{ query: "storms" }] });
    const marked = { query: "storms", [FAILURE_FIELD]: { message: "boom" } };
    expect(await ask(cached, { args: [marked] })).toMatchObject({ value: { draft: "good" } });
  });

  it("does not take its own answer for a new one, which would never get old", async () => {
    const { cached, clock } = setUp();
    let works = true;
    const research = wrap()
      .onFailure(cached)
      .around(async (question: string) => {
        if (!works) throw boom;
        return `about ${question}`;
      });
    await research("storms");
    works = false;
    clock.advance(900);
    expect(await research("storms")).toBe("about storms");
    clock.advance(900);
    await expect(research("storms")).rejects.toBe(boom);
  });

  it.each<[string, () => unknown]>([
    ["a function", () => ({ retry: () => {} })],
    ["a class instance", () => new (class Message {})()],
    ["a stream", () => new ReadableStream()],
    ["a symbol", () => Symbol("answer")],
  ])("does not keep an answer that holds %s", async (_, value) => {
    const { cached } = setUp();
    tell(cached, value());
    expect(await ask(cached)).toBeUndefined();
  });

  it.each<[string, () => unknown]>([
    ["a function", () => () => {}],
    ["a class instance", () => new URL("http://example.test")],
    ["a symbol", () => Symbol("question")],
    [
      "itself",
      () => {
        const state: Record<string, unknown> = {};
        state["self"] = state;
        return state;
      },
    ],
  ])("does not keep the answer to an input that holds %s", async (_, input) => {
    const { cached } = setUp();
    const args = [{ input: input() }];
    tell(cached, "answer", { args });
    expect(await ask(cached, { args })).toBeUndefined();
  });

  it("keeps nothing of calls whose input nobody knows", async () => {
    const { cached } = setUp();
    tell(cached, "answer", { args: undefined });
    expect(await ask(cached, { args: undefined })).toBeUndefined();
  });

  it("says once why it keeps nothing, and what to do", () => {
    const said = warnings();
    const { cached } = setUp();
    for (let i = 0; i < 3; i++)
      tell(cached, "answer", { name: "speaks-once", args: [{ client: new URL("http://a.test") }] });
    expect(said).toEqual([
      'agent-otel: an answer of "speaks-once" is not kept for when it fails: argument 1.client is an instance of URL. ' +
        "Give cachedFallback a key: (args) => string, or protect the function with around().",
    ]);
  });

  it("says once that an answer cannot be kept", () => {
    const said = warnings();
    const { cached } = setUp();
    for (let i = 0; i < 3; i++) tell(cached, new (class Message {})(), { name: "answers-once" });
    expect(said).toEqual([
      'agent-otel: an answer of "answers-once" is not kept for when it fails: the answer holds an instance of Message. ' +
        "Return plain data from the function.",
    ]);
  });

  it("goes by the program's own key, also where nobody knows the input", async () => {
    const { cached } = setUp({ key: () => "tenant-1" });
    tell(cached, "answer", { args: undefined });
    expect(await ask(cached, { args: undefined })).toMatchObject({ value: "answer" });
  });

  it("keeps tenants apart where the key does", async () => {
    let tenant = "acme";
    const { cached } = setUp({ key: (args) => JSON.stringify([tenant, args]) });
    tell(cached, "acme's answer");
    tenant = "globex";
    expect(await ask(cached)).toBeUndefined();
  });

  it.each<[string, () => never]>([
    [
      "throws",
      () => {
        throw boom;
      },
    ],
    ["returns no string", () => 7 as never],
  ])("has nothing to offer where the program's key %s", async (_, key) => {
    const { cached } = setUp({ key });
    tell(cached, "answer");
    expect(await ask(cached)).toBeUndefined();
  });

  it("works for nodes of a graph, whose config is full of functions", async () => {
    const { cached } = setUp();
    const config = (step: number, user: string) => ({
      signal: new AbortController().signal,
      writer: () => {},
      metadata: { langgraph_step: step, checkpoint_ns: `n:${step}` },
      configurable: { user, __pregel_send: () => {}, checkpoint_ns: `n:${step}` },
    });
    tell(cached, { draft: "good" }, { args: [{ query: "storms" }, config(1, "ada")] });
    expect(await ask(cached, { args: [{ query: "storms" }, config(2, "ada")] })).toBeDefined();
    expect(await ask(cached, { args: [{ query: "storms" }, config(2, "bob")] })).toBeUndefined();
  });

  it("rejects with the caller's reason once the caller has given up", async () => {
    const { cached } = setUp();
    tell(cached, "answer");
    await expect(ask(cached, { signal: AbortSignal.abort("enough") })).rejects.toBe("enough");
  });

  it.each<[string, Partial<CachedFallbackOptions>, string]>([
    ["maxAgeMs", { maxAgeMs: 0 }, "cachedFallback: maxAgeMs must be a whole number >= 1, got 0"],
    [
      "maxEntries",
      { maxEntries: Number.NaN },
      "cachedFallback: maxEntries must be a whole number >= 1, got NaN",
    ],
    ["maxBytes", { maxBytes: -1 }, "cachedFallback: maxBytes must be a whole number >= 1, got -1"],
    ["key", { key: "tenant" as never }, "cachedFallback: key must be a function, got tenant"],
  ])("refuses a bad %s, by name and value", (_, options, message) => {
    expect(() => setUp(options)).toThrow(message);
  });

  it("answers what a list of the last four inputs used would, and never above its age, in any order of events", () => {
    const event = fc.oneof(
      fc.record({ do: fc.constant("succeed" as const), input: fc.nat(6), size: fc.nat(2_000) }),
      fc.record({ do: fc.constant("fail" as const), input: fc.nat(6) }),
      fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 700 }) }),
    );
    return fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 60, size: "max" }), async (events) => {
        const { cached, clock } = setUp({ maxEntries: 4 });
        let kept: { readonly input: number; readonly value: string; readonly atMs: number }[] = [];
        for (const each of events) {
          const now = clock.monotonic();
          if (each.do === "wait") {
            clock.advance(each.ms);
            continue;
          }
          const before = kept.find(({ input }) => input === each.input);
          kept = kept.filter((entry) => entry !== before);
          if (each.do === "succeed") {
            const value = `${each.input}:${now}:${"x".repeat(each.size)}`;
            tell(cached, value, { args: [each.input] });
            kept = [...kept, { input: each.input, value, atMs: now }].slice(-4);
            continue;
          }
          const isFresh = before !== undefined && now - before.atMs <= 1_000;
          const expected = isFresh ? { value: before.value, ageMs: now - before.atMs } : undefined;
          if (isFresh) kept.push(before);
          expect(await ask(cached, { args: [each.input] })).toEqual(expected);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
