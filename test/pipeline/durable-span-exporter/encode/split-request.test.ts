import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeSpans } from "../../../../src/pipeline/durable-span-exporter/encode/encode-spans.ts";
import {
  countSpans,
  splitRequest,
} from "../../../../src/pipeline/durable-span-exporter/encode/split-request.ts";
import { randomSpans } from "./random-spans.ts";
import { countGroups, readRequest } from "./read-request.ts";
import { spanOf } from "./span-of.ts";
import { transformed } from "./transformer.ts";

const requests = randomSpans({ minLength: 2, maxLength: 12 }).map(encodeSpans);

describe("splitting a request", () => {
  it("gives two that together have the same spans in the same order, with their resources and scopes", () => {
    fc.assert(
      fc.property(requests, (body) => {
        const [left, right] = splitRequest(body)!;
        expect([...readRequest(left.body), ...readRequest(right.body)]).toEqual(readRequest(body));
      }),
      { numRuns: 500 },
    );
  });

  it("gives halves, and says how many spans are in each", () => {
    fc.assert(
      fc.property(requests, (body) => {
        const parts = splitRequest(body)!;
        const spans = readRequest(body).length;
        expect(parts.map((part) => part.spans)).toEqual([Math.floor(spans / 2), Math.ceil(spans / 2)]);
        expect(parts.map((part) => readRequest(part.body).length)).toEqual(parts.map((part) => part.spans));
      }),
    );
  });

  it("gives requests that can be split again, down to single spans", () => {
    const single = (body: Uint8Array): readonly Uint8Array[] =>
      splitRequest(body)?.flatMap((part) => single(part.body)) ?? [body];
    fc.assert(
      fc.property(requests, (body) => {
        const bodies = single(body);
        expect(bodies.map((each) => readRequest(each).length)).toEqual(bodies.map(() => 1));
        expect(bodies.flatMap(readRequest)).toEqual(readRequest(body));
      }),
    );
  });

  it("gives the bytes that the spans of each half have when they are encoded alone", () => {
    const spans = Array.from({ length: 300 }, (_, i) => spanOf({ name: `span ${i}` }));
    const [left, right] = splitRequest(encodeSpans(spans))!;
    expect(Buffer.from(left.body).equals(transformed(spans.slice(0, 150)))).toBe(true);
    expect(Buffer.from(right.body).equals(transformed(spans.slice(150)))).toBe(true);
  });

  it("leaves out resources and scopes that have no span in a half", () => {
    const of = (name: string) => ({ resource: { attributes: { name } }, instrumentationScope: { name } });
    const [left, right] = splitRequest(encodeSpans([spanOf(of("a")), spanOf(of("b"))]))!;
    expect([countGroups(left.body), countGroups(right.body)]).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  it("keeps fields that it does not know", () => {
    const resourceSpans = Buffer.concat([
      fieldOf(2, fieldOf(2, ""), fieldOf(2, ""), fieldOf(9, "scope")),
      fieldOf(8, "resource"),
    ]);
    const body = Buffer.concat([fieldOf(1, resourceSpans), fieldOf(7, "request")]);
    for (const part of splitRequest(body)!) {
      expect(Buffer.from(part.body).toString("latin1")).toMatch(/scope.*resource.*request/s);
    }
  });

  it("reads a request that is part of a larger buffer, and gives memory that is not part of it", () => {
    const body = encodeSpans([spanOf(), spanOf()]);
    const larger = Buffer.concat([Buffer.alloc(5, 0xff), body, Buffer.alloc(5, 0xff)]);
    const parts = splitRequest(larger.subarray(5, 5 + body.length))!;
    larger.fill(0);
    expect(parts.flatMap((part) => readRequest(part.body))).toEqual(readRequest(body));
  });

  it("gives nothing for one span, and for none", () => {
    expect(splitRequest(encodeSpans([spanOf()]))).toBeUndefined();
    expect(splitRequest(new Uint8Array())).toBeUndefined();
  });
});

describe("counting the spans of a request", () => {
  it("gives as many as were encoded", () => {
    fc.assert(
      fc.property(randomSpans({ minLength: 0, maxLength: 6 }), (spans) => {
        expect(countSpans(encodeSpans(spans))).toBe(spans.length);
      }),
    );
  });
});

describe("splitting and counting what is no request", () => {
  it.each([
    ["a length beyond the end", "0a05120312"],
    ["a length beyond the end of what is around it", "0a041203120112000a00"],
    ["a varint without end", "ffffffffffffffffffffffff"],
    ["a varint of eleven bytes", "0a8080808080808080808000"],
    ["a length that is larger than any number", "0affffffffffffffffff01"],
    ["a number where the spans should be", "08011801"],
    ["a number where a span should be", "0a041202100112001200"],
    ["a field with the number 0", "02000a00"],
    ["a group", "0b0c"],
    ["a field that ends in its tag", "0a001a"],
    ["half a fixed64", "0900000000"],
  ])("gives nothing for %s", (_, hex) => {
    const body = Buffer.from(hex, "hex");
    expect(splitRequest(body)).toBeUndefined();
    expect(countSpans(body)).toBeUndefined();
  });

  it("never throws on damaged requests, and gives parts that can be read, or nothing", () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(requests, damage, fc.nat(), (request, changes, cut) => {
        const body = request.slice(0, cut % 3 === 0 ? cut % request.length : request.length);
        for (const [place, byte] of changes) body[place % body.length] = byte;
        expectSoundParts(body);
      }),
      { numRuns: 3_000 },
    );
  });

  it("never throws on any bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), expectSoundParts), { numRuns: 3_000 });
  });
});

function expectSoundParts(body: Uint8Array): void {
  const parts = splitRequest(body);
  if (parts === undefined) return;
  expect(parts.map((part) => countSpans(part.body))).toEqual(parts.map((part) => part.spans));
  expect(parts[0].spans + parts[1].spans).toBe(countSpans(body));
}

function fieldOf(number: number, ...content: readonly (string | Buffer)[]): Buffer {
  const bytes = Buffer.concat(content.map((each) => Buffer.from(each)));
  return Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes]);
}
