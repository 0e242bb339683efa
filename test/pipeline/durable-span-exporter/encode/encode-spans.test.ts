import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeSpans } from "../../../../src/pipeline/durable-span-exporter/encode/encode-spans.ts";
import { randomSpans } from "./random-spans.ts";
import { expectSameBytes, transformed } from "./transformer.ts";

describe("the encoder of spans", () => {
  it("gives the transformer's bytes for 10,000 random spans", () => {
    let spans = 0;
    fc.assert(
      fc.property(randomSpans({ minLength: 10, maxLength: 14 }), (batch) => {
        expectSameBytes(batch);
        spans += batch.length;
      }),
      { numRuns: 1_000 },
    );
    expect(spans).toBeGreaterThanOrEqual(10_000);
  });

  it("gives the transformer's bytes for any few spans", () => {
    fc.assert(fc.property(randomSpans({ minLength: 0, maxLength: 3 }), expectSameBytes), { numRuns: 500 });
  });

  it("gives no bytes for no spans", () => {
    expect(encodeSpans([])).toHaveLength(0);
  });

  it("gives bytes that later requests do not change", () => {
    const any = randomSpans({ minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(any, any, (first, second) => {
        const bytes = encodeSpans(first);
        encodeSpans(second);
        expect(Buffer.from(bytes).equals(transformed(first))).toBe(true);
      }),
    );
  });

  it("gives bytes in memory of their own", () => {
    const bytes = encodeSpans(fc.sample(randomSpans({ minLength: 2, maxLength: 2 }), 1)[0]!);
    expect(bytes.buffer.byteLength).toBe(bytes.byteLength);
  });
});
