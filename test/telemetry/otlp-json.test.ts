import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { readOtlpJson } from "../../src/telemetry/otlp-json.ts";
import { readOtlpJsonLines } from "../../src/telemetry/otlp-json-lines.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

function raw(fields: object = {}): object {
  return {
    traceId: TRACE,
    spanId: "00f067aa0ba902b7",
    name: "chat",
    startTimeUnixNano: "1763000000000000001",
    ...fields,
  };
}

function request(...spans: object[]): object {
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "newsroom" } }] };
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "agent-otel" }, spans }] }] };
}

function line(...spans: object[]): string {
  return `${JSON.stringify(request(...spans))}\n`;
}

function bytes(...texts: string[]): Uint8Array[] {
  return texts.map((text) => Buffer.from(text));
}

describe("readOtlpJson", () => {
  it("reads a whole span", () => {
    const full = raw({
      traceId: TRACE.toUpperCase(),
      parentSpanId: "00f067aa0ba902b6",
      kind: 3,
      endTimeUnixNano: "1763000001000000001",
      status: { code: 2, message: "no" },
      events: [{ name: "retry", timeUnixNano: "1763000000500000000", attributes: [] }],
    });
    expect(readOtlpJson(request(full))).toEqual({
      skipped: 0,
      spans: [
        {
          traceId: TRACE,
          spanId: "00f067aa0ba902b7",
          parentSpanId: "00f067aa0ba902b6",
          name: "chat",
          kind: SpanKind.CLIENT,
          startNs: 1763000000000000001n,
          endNs: 1763000001000000001n,
          status: { code: SpanStatusCode.ERROR, message: "no" },
          attributes: {},
          events: [{ name: "retry", timeNs: 1763000000500000000n, attributes: {} }],
          resource: { "service.name": "newsroom" },
          scope: "agent-otel",
        },
      ],
    });
  });

  it("reads every kind of value, whole numbers as text or as numbers", () => {
    const attributes = [
      { key: "text", value: { stringValue: "" } },
      { key: "int", value: { intValue: "1234" } },
      { key: "jsInt", value: { intValue: 7 } },
      { key: "huge", value: { intValue: "9223372036854775807" } },
      { key: "double", value: { doubleValue: 0.5 } },
      { key: "nan", value: { doubleValue: null } },
      { key: "bool", value: { boolValue: false } },
      { key: "list", value: { arrayValue: { values: [{ intValue: "1" }, { stringValue: "b" }] } } },
      { key: "map", value: { kvlistValue: { values: [{ key: "__proto__", value: { intValue: "1" } }] } } },
      { key: "empty", value: {} },
    ];
    const read = readOtlpJson(request(raw({ attributes })))!.spans[0]!.attributes;
    expect(read).toEqual({
      text: "",
      int: 1234,
      jsInt: 7,
      huge: "9223372036854775807",
      double: 0.5,
      nan: Number.NaN,
      bool: false,
      list: [1, "b"],
      map: { ["__proto__"]: 1 },
      empty: null,
    });
  });

  it("counts spans without ids or start, and takes zero ids for none", () => {
    const bad = [
      raw({ traceId: "0".repeat(32) }),
      raw({ spanId: "xyz" }),
      raw({ startTimeUnixNano: "soon" }),
      {},
    ];
    const good = raw({
      parentSpanId: "0000000000000000",
      endTimeUnixNano: "0",
      kind: 77,
      status: { code: 9 },
    });
    const { spans, skipped } = readOtlpJson(request(...bad, good))!;
    expect(skipped).toBe(4);
    expect(spans).toMatchObject([
      {
        parentSpanId: undefined,
        endNs: undefined,
        kind: SpanKind.INTERNAL,
        status: { code: SpanStatusCode.UNSET },
      },
    ]);
  });

  it("does not follow values nested without end", () => {
    let value: object = { intValue: "1" };
    for (let depth = 0; depth < 20_000; depth++) value = { arrayValue: { values: [value] } };
    expect(readOtlpJson(request(raw({ attributes: [{ key: "deep", value }] })))!.spans).toHaveLength(1);
  });

  it.each([null, 5, [], {}, { resourceSpans: 1 }, { resourceMetrics: [] }])(
    "knows that %j is no trace",
    (other) => {
      expect(readOtlpJson(other)).toBeUndefined();
    },
  );
});

describe("readOtlpJsonLines", () => {
  it("reads lines however the chunks are cut, and a last line without newline", async () => {
    const text = Buffer.from(
      line(raw({ name: "校正" })) + line(raw({ spanId: "00f067aa0ba902b8" })).trimEnd(),
    );
    const single = Array.from(text, (byte) => Uint8Array.of(byte));
    const { spans, ...counts } = await readOtlpJsonLines(single);
    expect(spans.map(({ name }) => name)).toEqual(["校正", "chat"]);
    expect(counts).toEqual({ skippedLines: 0, skippedSpans: 0, torn: false });
  });

  it("skips and counts bad lines, not empty ones, and tells a torn end apart", async () => {
    const result = await readOtlpJsonLines(
      bytes("not json\n\n\r\n", line(raw()), '{"resourceMetrics":[]}\n', line(raw()).slice(0, -20)),
    );
    expect(result).toMatchObject({ skippedLines: 2, skippedSpans: 0, torn: true });
    expect(result.spans).toHaveLength(1);
  });

  it("skips a line that is too long, and reads on behind it", async () => {
    const long = line(raw({ name: "x".repeat(1_000) }));
    const result = await readOtlpJsonLines(bytes(long.slice(0, 600), long.slice(600), line(raw())), {
      maxLineBytes: 500,
    });
    expect(result).toMatchObject({ skippedLines: 1, torn: false });
    expect(result.spans.map(({ name }) => name)).toEqual(["chat"]);
  });

  it("keeps only what it is asked to keep", async () => {
    const { spans } = await readOtlpJsonLines(bytes(line(raw(), raw({ name: "other" }))), {
      keep: ({ name }) => name === "other",
    });
    expect(spans.map(({ name }) => name)).toEqual(["other"]);
  });

  it("passes on what goes wrong with the file itself", async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("{");
      throw new Error("disk");
    }
    await expect(readOtlpJsonLines(broken())).rejects.toThrow("disk");
  });
});
