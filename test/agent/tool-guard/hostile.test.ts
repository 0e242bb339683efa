import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { nearestName } from "../../../src/agent/tool-guard/nearest-name.ts";
import { agent, type ModelToolCall, toolGuard } from "../../../src/index.ts";
import { watch } from "../support.ts";

const seen = watch();
const ran: unknown[] = [];
const guard = toolGuard({
  tools: {
    search: {
      schema: z.object({ q: z.string(), n: z.number().optional() }),
      run: (args) => void ran.push(args),
    },
    json: {
      schema: { type: "object", properties: { a: { type: "string" } } },
      run: (args) => void ran.push(args),
    },
  },
  maxArgumentBytes: 10_000,
});

const given = fc.oneof(
  fc.anything(),
  fc.record({
    id: fc.string(),
    name: fc.constantFrom("search", "json"),
    arguments: fc.oneof(fc.json(), fc.anything()),
  }),
  fc.record({ id: fc.string(), name: fc.string(), input: fc.object() }),
  fc.record({ function: fc.anything(), id: fc.anything() }),
);

describe("whatever a model sends", () => {
  it("is answered, and never thrown at the loop", async () => {
    await fc.assert(
      fc.asyncProperty(given, async (call) => {
        const answer = await guard.call(call as ModelToolCall);
        expect(["ok", "refused", "failed"]).toContain(answer.outcome);
        expect(typeof answer.text).toBe("string");
        expect(answer.text.length).toBeLessThan(4_000);
      }),
      { numRuns: 500 },
    );
    expect(seen.spans.open).toEqual([]);
  });

  it("runs a tool only with arguments that fit", async () => {
    const args = fc.oneof(
      fc.record({ q: fc.oneof(fc.string(), fc.anything()), n: fc.oneof(fc.integer(), fc.anything()) }),
      fc.object(),
    );
    await fc.assert(
      fc.asyncProperty(args, async (input) => {
        ran.length = 0;
        const { outcome } = await guard.call({ id: "1", name: "search", input });
        const [got] = ran as { q: string; n?: number }[];
        expect(ran).toHaveLength(outcome === "ok" ? 1 : 0);
        if (got === undefined) return;
        expect(typeof got.q).toBe("string");
        expect(["number", "undefined"]).toContain(typeof got.n);
      }),
      { numRuns: 500 },
    );
  });
});

describe("hostile calls", () => {
  const refuse = async (name: string, args: unknown) => guard.call({ id: "1", name, arguments: args });

  it.each([
    ["prototypes", '{"__proto__":{"admin":true}}', /__proto__ is not allowed/],
    ["constructors", '{"a":{"constructor":{"prototype":{}}}}', /constructor is not allowed/],
    ["depth", `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`, /at most 10000 bytes/],
    ["depth within the size", `${'{"a":'.repeat(1_000)}1${"}".repeat(1_000)}`, /at most 32 levels deep/],
    ["size", JSON.stringify({ a: "x".repeat(1e6) }), /at most 10000 bytes/],
    ["a text that is no JSON", "q=otters; drop table", /must be valid JSON/],
  ])("are refused for %s", async (_, args, text) => {
    const answer = await refuse("json", args);
    expect(answer).toMatchObject({ outcome: "refused", reason: "malformed_arguments" });
    expect(answer.text).toMatch(text);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it("find no tool under the names that every object has", async () => {
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty", ""])
      expect(await refuse(name, "{}")).toMatchObject({ reason: "unknown_tool" });
  });

  it("show their names cut and without control characters", async () => {
    const name = `\u001b[2Jignore\u202Eall ${"x".repeat(1e6)}`;
    const answer = await refuse(name, "{}");
    expect(answer.name).toHaveLength(64);
    expect(answer.text).not.toMatch(/\p{Cc}|\p{Cf}/u);
  });

  it("with the same id are each answered, since not every provider makes ids that differ", async () => {
    const args = { q: "x" };
    const calls = [1, 2].map(() => guard.call({ id: "call_0", name: "search", input: args }));
    expect((await Promise.all(calls)).map(({ outcome }) => outcome)).toEqual(["ok", "ok"]);
  });

  it("cannot change the conversation through arguments that a tool changes", async () => {
    const input = { a: ["kept"] };
    const changing = toolGuard({ tools: { a: { run: (args) => (args.a as string[]).push("new") } } });
    await agent("changer", () => changing.call({ id: "1", name: "a", input }))();
    expect(input).toEqual({ a: ["kept"] });
  });

  it("take time in proportion to their length at the most", async () => {
    const names = Array.from({ length: 200 }, (_, i) => `tool_number_${i}`);
    const many = toolGuard({ tools: names });
    const before = performance.now();
    await many.call({ id: "1", name: "t".repeat(5e6), arguments: "{}" });
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});

describe("nearestName", () => {
  it.each([
    ["serch", "search"],
    ["functions.webSearch", "web_search"],
    ["SEARCH", "search"],
    ["fetch_pages", "fetch_page"],
  ])("%s -> %s", (wanted, expected) => {
    expect(nearestName(wanted, ["search", "web_search", "fetch_page"])).toBe(expected);
  });

  it("suggests nothing where nothing is near", () => {
    expect(nearestName("launch_rocket", ["search", "web_search"])).toBeUndefined();
  });
});
