import { describe, expect, it } from "vitest";
import { encodeSpans } from "../../../../src/pipeline/durable-span-exporter/encode/encode-spans.ts";
import { spanOf, spanWith } from "./span-of.ts";
import { expectSameBytes, transformed } from "./transformer.ts";

const context = (parts: object) => () => ({
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  traceFlags: 1,
  ...parts,
});

describe("the encoder and odd attributes", () => {
  it.each([
    ["types that OTLP has not", [1n, Symbol("s"), () => 1, null, undefined]],
    [
      "numbers at the ends",
      [Number.NaN, -0, 1 / 0, -1 / 0, 2 ** 63, -(2 ** 63), 2 ** 64, 1e308, -1, -(2 ** 40)],
    ],
    ["lone surrogates", ["\ud800", "\udc00", "a\ud83d", "\ude00b", `${"x".repeat(200)}\ud83d`]],
    [
      "boxed values and dates",
      [new String("ab"), new Number(1), new Date(0), new Map([["a", 1]]), new Set([1])],
    ],
    ["binary data", [new Uint8Array(300), Buffer.from("ab"), new Uint16Array([1, 2]), new ArrayBuffer(2)]],
    ["arrays with holes", [new Array(3), [1, undefined, null, "a", [], {}]]],
    [
      "inherited properties",
      [Object.create({ inherited: 1 }), Object.assign(Object.create({ a: 1 }), { b: 2 })],
    ],
    ["symbol and hidden keys", [{ [Symbol("s")]: 1 }, Object.defineProperty({}, "hidden", { value: 1 })]],
  ])("writes %s as the transformer does", (_, values) => {
    for (const value of values)
      expectSameBytes([spanWith({ value }), spanWith({ nested: { value: [value] } })]);
  });

  it("writes attributes that are no plain object as the transformer does", () => {
    for (const attributes of [
      undefined,
      null,
      "text",
      5,
      ["a", "b"],
      new Map([["a", 1]]),
      Object.create(null),
    ]) {
      expectSameBytes([spanOf({ attributes })]);
    }
  });

  it("writes keys of prototypes as keys", () => {
    expectSameBytes([spanWith(JSON.parse('{"__proto__": 1, "constructor": "x", "hasOwnProperty": [2]}'))]);
  });

  it.each([
    ["a map", () => Object.assign(Object.create(null), {}) as Record<string, unknown>],
    ["an array", () => [] as unknown as Record<string, unknown>],
  ])("ends in an error for %s that contains itself", (_, create) => {
    const cycle = create();
    cycle["0"] = { back: cycle, again: cycle };
    expect(() => encodeSpans([spanWith({ cycle })])).toThrow(RangeError);
  });

  it("ends in an error for a value that shares its parts so often that it unfolds without end", () => {
    let value: unknown = "x".repeat(1_000);
    for (let depth = 0; depth < 40; depth++) value = [value, value];
    expect(() => encodeSpans([spanWith({ value })])).toThrow(RangeError);
  });

  it("throws what a getter throws, and is as good as before", () => {
    const thrown = new Error("no");
    const bad = {
      get value() {
        throw thrown;
      },
    };
    expect(() => encodeSpans([spanWith({ a: 1 }), spanWith({ bad })])).toThrow(thrown);
    expectSameBytes([spanWith({ a: 1 })]);
  });

  it("is not confused by a getter that encodes spans itself", () => {
    const inner = spanWith({ inner: "x".repeat(300) });
    const outer = spanWith({
      before: 1,
      get value() {
        return encodeSpans([inner]).length;
      },
      after: 2,
    });
    expectSameBytes([outer, outer]);
  });

  it("reads deeply nested values", () => {
    let value: unknown = "end";
    for (let depth = 0; depth < 500; depth++) value = depth % 2 === 0 ? [value] : { value };
    expectSameBytes([spanWith({ value })]);
  });
});

describe("the encoder and odd spans", () => {
  it.each([
    ["ids that are not hex", ["zz", "0AF7", "ÿé", "語😀", "", "abc", "g".repeat(32), "\ud800\udfff"]],
    ["ids that are no texts", [5, {}, [], true]],
  ])("writes %s as the transformer does", (_, ids) => {
    for (const id of ids) {
      const spanContext = context({ traceId: id, spanId: id });
      const links = [{ context: spanContext() }];
      expectSameBytes([spanOf({ spanContext, parentSpanContext: { spanId: id }, links })]);
    }
  });

  it("writes times out of range as the transformer does", () => {
    const seconds = [-1, -65_536, -1e9, 0, 1.5, 2 ** 32, 2 ** 33 + 7, 18_446_744_073, 2 ** 40, 2 ** 53, 1e20];
    const nanoseconds = [0, -1, 999_999_999, 1e9, 2 ** 32, 2 ** 33, -5e9, 0.5];
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, undefined, null, "5"];
    for (const second of [...seconds, ...odd]) {
      for (const nanosecond of [...nanoseconds, ...odd]) {
        expectSameBytes([spanOf({ startTime: [second, nanosecond], endTime: [nanosecond, second] })]);
      }
    }
  });

  it("writes times that are none as the transformer does", () => {
    for (const time of [[], 5, "12", {}]) expectSameBytes([spanOf({ startTime: time })]);
  });

  it("writes names that are no texts as the transformer does", () => {
    for (const name of [5, {}, [], true, new Date(0)]) {
      const event = { name, time: [1, 2] };
      const instrumentationScope = { name, version: name, schemaUrl: name };
      expectSameBytes([
        spanOf({ name, events: [event], status: { code: 2, message: name }, instrumentationScope }),
      ]);
    }
  });

  it("writes counts, kinds and codes that are none as the transformer does", () => {
    const counts = [
      -1,
      -0.5,
      -1.5,
      1.5,
      127.5,
      128,
      Number.NaN,
      2 ** 32,
      2 ** 60,
      2 ** 70,
      -(2 ** 33),
      -(2 ** 64),
    ];
    for (const count of [...counts, 1 / 0, -1 / 0, undefined, null, "5", "five", true, {}]) {
      expectSameBytes([
        spanOf({
          kind: count,
          status: { code: count },
          droppedAttributesCount: count,
          events: [{ name: "e", time: [1, 2], droppedAttributesCount: count }],
          spanContext: context({ traceFlags: count }),
        }),
      ]);
    }
  });

  it.each([
    ["no name", { name: null }],
    ["a name that is a list", { name: ["a"] }],
    ["no context", { spanContext: () => undefined }],
    ["no ids", { spanContext: () => ({ traceFlags: 1 }) }],
    ["no time", { startTime: undefined }],
    ["no status", { status: undefined }],
    ["no events", { events: undefined }],
    ["no links", { links: null }],
    ["no resource", { resource: undefined }],
    ["no scope", { instrumentationScope: undefined }],
    ["a bigint for a count", { droppedLinksCount: 1n }],
    ["a large bigint for a count", { droppedLinksCount: 1_000n }],
    ["a bigint for a kind", { kind: 1n }],
    ["a bigint in a time", { endTime: [1n, 0] }],
  ])("throws for %s, as the transformer does", (_, parts) => {
    expect(() => transformed([spanOf(parts)])).toThrow(TypeError);
    expect(() => encodeSpans([spanOf(parts)])).toThrow(TypeError);
  });
});
