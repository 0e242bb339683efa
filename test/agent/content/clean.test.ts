import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Cleaner } from "../../../src/agent/content/clean.ts";
import { agent, tool } from "../../../src/index.ts";
import { watch } from "../support.ts";

const told = watch();

function clean(value: unknown): unknown {
  return new Cleaner(16_384).value(value);
}

function nested(depth: number): unknown {
  let value: unknown = "bottom";
  for (let i = 0; i < depth; i++) value = { in: value };
  return value;
}

const throwing = {
  get bad(): never {
    throw new Error("hostile");
  },
  good: 1,
};
const proxy = new Proxy(
  {},
  {
    ownKeys() {
      throw new Error("hostile");
    },
  },
);

describe("a value that cannot be read", () => {
  it.each([
    ["a getter that throws", throwing, { bad: "[unserializable]", good: 1 }],
    [
      "a toJSON that throws",
      { at: new Date(Number.NaN), d: { toJSON: () => BigInt(1) / 0n } },
      { at: null, d: "[unserializable]" },
    ],
    ["a proxy that throws", { p: proxy, q: 1 }, { p: "[unserializable]", q: 1 }],
    ["a BigInt", { n: 12n }, { n: "12" }],
    ["functions and symbols", { f() {}, s: Symbol("x"), n: 1 }, { n: 1 }],
  ])("costs only itself: %s", (_, value, copy) => {
    expect(clean(value)).toEqual(copy);
  });

  it("is an object inside of itself, and not one that stands twice", () => {
    const shared = { n: 1 };
    const loop: Record<string, unknown> = { a: shared, b: shared };
    loop["self"] = loop;
    expect(clean(loop)).toEqual({ a: shared, b: shared, self: "[unserializable]" });
  });

  it("is said to be on a span, and the call goes on", () => {
    expect(tool("echo", (value: object) => value, { capture: true })(throwing)).toBe(throwing);
    expect(agent("echo", (value: object) => value, { capture: true })(proxy)).toBe(proxy);
    const { attributes } = told.spans.get("execute_tool echo");
    expect(attributes["gen_ai.tool.call.arguments"]).toBe('{"bad":"[unserializable]","good":1}');
    expect(told.warnings).toEqual([]);
  });
});

describe("what is copied", () => {
  it("is at most eight levels deep, also of 100,000", () => {
    expect(JSON.stringify(clean(nested(8)))).toContain("bottom");
    expect(JSON.stringify(clean(nested(9)))).toContain("[too deep]");
    expect(JSON.stringify(clean(nested(100_000))).length).toBeLessThan(100);
  });

  it("says how many keys are left out", () => {
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`key ${i}`, i]));
    const copy = new Cleaner(1_000).value(many) as Record<string, unknown>;
    expect(copy["…"]).toBe(`[${100_000 - (Object.keys(copy).length - 1)} more]`);
  });

  it("never touches a prototype", () => {
    const copy = clean(
      JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
    );
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  });

  it("has nothing of what stands under a secret's name, at any depth", () => {
    const secret = { a: ["canary", { b: "canary" }], n: 7 };
    const copy = clean({ list: [{ credentials: secret, deep: { client_secret: secret, tokens: 5 } }] });
    expect(copy).toEqual({
      list: [{ credentials: "[redacted]", deep: { client_secret: "[redacted]", tokens: 5 } }],
    });
  });
});

describe("arguments on a tool's span", () => {
  const written = (value: unknown): string => {
    told.spans.reset();
    tool("take", (_: unknown) => 1, { capture: true })(value);
    return String(told.spans.get("execute_tool take").attributes["gen_ai.tool.call.arguments"]);
  };

  it("are valid JSON of at most 4 KiB wherever they are cut", () => {
    const long = fc.string({ unit: "binary", minLength: 100, maxLength: 1_000 });
    const value = fc.array(fc.oneof(long, fc.array(fc.array(long)), fc.dictionary(long, long)), {
      minLength: 1,
    });
    fc.assert(
      fc.property(value, (list) => {
        const json = written(list);
        expect(Buffer.byteLength(json)).toBeLessThanOrEqual(4_096);
        expect(() => JSON.parse(json)).not.toThrow();
        expect(json.isWellFormed()).toBe(true);
      }),
      { numRuns: 200, endOnFailure: true },
    );
  });

  it("have no value of a secret's name where they are JSON in a text", () => {
    const json = written(
      JSON.stringify({ a: [{ password: "hunter2" }], credentials: { x: ["hunter2"] }, n: 1 }),
    );
    expect(JSON.parse(json)).toEqual({ a: [{ password: "[redacted]" }], credentials: "[redacted]", n: 1 });
  });
});
