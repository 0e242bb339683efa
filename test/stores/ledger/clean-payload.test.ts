import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanPayload, PAYLOAD_BYTES } from "../../../src/stores/ledger/clean-payload.ts";

const read = (payload: unknown): unknown => JSON.parse(cleanPayload(payload) ?? "null");

describe("the payload of an entry", () => {
  it("is JSON of at most 4 KiB, whatever it is made from", () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withTypedArray: true,
      withNullPrototype: true,
      maxDepth: 12,
    });
    const big = fc.array(fc.oneof(fc.string({ maxLength: 3_000, unit: "binary" }), anything), {
      maxLength: 300,
    });
    let longest = 0;
    fc.assert(
      fc.property(fc.oneof(anything, big, fc.dictionary(fc.string({ unit: "binary" }), big)), (payload) => {
        const json = cleanPayload(payload) ?? "null";
        JSON.parse(json);
        longest = Math.max(longest, Buffer.byteLength(json));
        expect(Buffer.byteLength(json)).toBeLessThanOrEqual(PAYLOAD_BYTES);
      }),
      { numRuns: 2_000 },
    );
    expect(longest).toBeGreaterThan(PAYLOAD_BYTES / 2);
  });

  it.each([
    ["six bytes for a character", "\u0001".repeat(1_000)],
    ["many long texts", Array.from({ length: 20 }, () => "long text ".repeat(90))],
    [
      "a long text at the end",
      { a: "text ".repeat(200), b: "text ".repeat(200), c: "text ".repeat(200), d: "\u0001".repeat(900) },
    ],
    [
      "long names",
      Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${"\u0002".repeat(60)}${i}`, i])),
    ],
  ])("is cut to 4 KiB with %s", (_, payload) => {
    expect(Buffer.byteLength(cleanPayload(payload)!)).toBeLessThanOrEqual(PAYLOAD_BYTES);
    expect(cleanPayload(payload)).toContain("…");
  });

  it("keeps no secret, neither by its looks nor by its name", () => {
    const payload = { password: "hunter2", nested: [{ apiKey: 5, note: "sk-proj-abcDEF1234567890abcdef" }] };
    expect(read(payload)).toEqual({
      password: "[redacted]",
      nested: [{ apiKey: "[redacted]", note: "[redacted]" }],
    });
  });

  it("has no halves of characters and no NUL", () => {
    expect(read({ "a\0": "\ud800x\0" })).toEqual({ "a\ufffd": "\ufffdx\ufffd" });
  });

  it("says where something is left out", () => {
    expect(JSON.stringify(read(Array.from({ length: 5_000 }, (_, i) => i)))).toMatch(/"\[\d+ more\]"\]$/);
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${i}`, i]));
    expect(JSON.stringify(read(many))).toMatch(/"…":"\[\d+ more\]"\}$/);
    expect(read("x".repeat(10_000))).toMatch(/…$/);
  });

  it("ends on cycles, depth, and getters and proxies that throw", () => {
    const cycle: Record<string, unknown> = { a: 1 };
    cycle["self"] = cycle;
    expect(read(cycle)).toEqual({ a: 1, self: "[unreadable]" });
    const deep = Array.from({ length: 100 }).reduce<unknown>((inner) => [inner], "bottom");
    expect(JSON.stringify(read(deep))).toContain("[too deep]");
    const hostile = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("no");
        },
      },
    );
    expect(read({ hostile, fine: 1 })).toEqual({ hostile: "[unreadable]", fine: 1 });
  });

  it("keeps what JSON has words for, and writes the rest as text", () => {
    const payload = {
      big: 2n ** 70n,
      nan: Number.NaN,
      date: new Date(0),
      bytes: new Uint8Array(9),
      fn: () => 1,
      none: undefined,
    };
    expect(read(payload)).toEqual({
      big: "1180591620717411303424",
      nan: "NaN",
      date: "1970-01-01T00:00:00.000Z",
      bytes: "[9 bytes]",
    });
    expect(cleanPayload(undefined)).toBeUndefined();
    expect(cleanPayload(null)).toBe("null");
  });
});
