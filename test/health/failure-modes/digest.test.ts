import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { argumentsDigest } from "../../../src/health/failure-modes/arguments-digest.ts";
import { canonicalArguments } from "../../../src/health/failure-modes/canonical-arguments.ts";

const digest = argumentsDigest("test", "a key of the test's own");

describe("the digest of arguments", () => {
  it("is the same whatever the order of keys, and with what is undefined left out", () => {
    expect(digest([{ a: 1, b: [{ c: "x", d: null }] }])).toBe(
      digest([{ b: [{ d: null, c: "x", e: undefined }], a: 1 }]),
    );
  });

  it("differs where the arguments do", () => {
    const different: unknown[][] = [
      [],
      [1],
      ["1"],
      [1n],
      [true],
      [null],
      [undefined],
      [[]],
      [{}],
      [[1]],
      ["a", "b"],
      ["ab"],
      [["a"], "b"],
      [["a", "b"]],
      [{ a: "b" }],
      [new Date(0)],
      [new Date(1)],
      [new Set([1])],
      [new Map([[1, 2]])],
      [new Uint8Array([1])],
      [new Uint8Array([2])],
      [NaN],
      [/a/],
      [/a/i],
      [new URL("http://a.test/")],
    ];
    expect(new Set(different.map(digest)).size).toBe(different.length);
  });

  it("is the same exactly where JSON values are", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const sorted = (value: unknown): string => JSON.stringify(keysInOrder(value));
        expect(digest([one]) === digest([other])).toBe(sorted(one) === sorted(other));
        expect(digest([one])).toBe(digest([structuredClone(one)]));
      }),
    );
  });

  it("depends on the key, and a random one is another each time", () => {
    expect(argumentsDigest("test", "another key of the test")(["x"])).not.toBe(digest(["x"]));
    expect(argumentsDigest("test", undefined)(["x"])).not.toBe(argumentsDigest("test", undefined)(["x"]));
    expect(argumentsDigest("test", "a key of the test's own")(["x"])).toBe(digest(["x"]));
  });

  it("has 32 hex digits, and nothing of the arguments", () => {
    expect(digest(["secret"])).toMatch(/^[0-9a-f]{32}$/);
  });

  it("leaves out what frameworks hand to a tool beside its arguments", () => {
    const call = (toolCallId: string) => ({ toolCallId, messages: [toolCallId], abortSignal: undefined });
    expect(digest([{ city: "Oslo" }, call("call_1")])).toBe(digest([{ city: "Oslo" }, call("call_2")]));
    expect(digest([{ toolCallId: "1" }])).not.toBe(digest([{ toolCallId: "2" }]));
  });

  it("refuses a short key, and does not tell it", () => {
    expect(() => argumentsDigest("AGENT_OTEL_DIGEST_KEY", "hunter2")).toThrow(
      new RangeError("AGENT_OTEL_DIGEST_KEY must have at least 16 characters, got 7"),
    );
  });
});

describe("arguments that cannot be read to their end have no digest", () => {
  const ring: unknown[] = [];
  ring.push(ring);
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  const hostile: readonly [string, unknown][] = [
    ["a ring", ring],
    ["a depth of 100,000", deep],
    ["a text of 100 MB", "x".repeat(100_000_000)],
    ["a list of 10 million", new Array(10_000_000)],
    ["an object of 100,000 keys", Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [i, i]))],
    ["100 MB of bytes", new Uint8Array(100_000_000)],
    ["a number of a million digits", 1n << 3_000_000n],
    ["a getter", Object.defineProperty({}, "x", { enumerable: true, get: () => 1 })],
    [
      "a proxy that throws",
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error("no");
          },
        },
      ),
    ],
    ["a revoked proxy", revoked()],
  ];

  it.each(hostile)("%s", (_, value) => {
    const beganMs = performance.now();
    expect(digest([value])).toBeUndefined();
    expect(performance.now() - beganMs).toBeLessThan(250);
  });

  it("and no getter of them was called", () => {
    let called = 0;
    canonicalArguments([
      {
        get x() {
          return ++called;
        },
      },
      Object.defineProperty([], "0", { enumerable: true, get: () => ++called }),
    ]);
    expect(called).toBe(0);
  });
});

function keysInOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(keysInOrder);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return { entries: entries.map(([key, inner]) => [key, keysInOrder(inner)]) };
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
