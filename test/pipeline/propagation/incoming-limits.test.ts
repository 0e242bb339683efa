import {
  type Context,
  defaultTextMapGetter,
  INVALID_SPAN_CONTEXT,
  propagation,
  ROOT_CONTEXT,
  type TextMapPropagator,
  trace,
} from "@opentelemetry/api";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { incomingPropagator } from "../../../src/pipeline/propagation/incoming-propagator.ts";

const HEADERS = { traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` };

function extract(headers: object, trustIncoming: boolean): Context {
  return incomingPropagator({ trustIncoming }).extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
}

describe("limits on what is read, trusted or not", () => {
  const members = (count: number) => Array.from({ length: count }, (_, at) => `k${at}=v`).join(",");
  const baggage = (value: string | string[]) =>
    propagation.getBaggage(extract({ ...HEADERS, baggage: value }, true))?.getAllEntries().length;
  const state = (value: string | string[]) =>
    trace.getSpanContext(extract({ ...HEADERS, tracestate: value }, true))?.traceState?.serialize();

  it("takes 64 members of baggage, and none of 65", () => {
    expect([baggage(members(64)), baggage(members(65))]).toEqual([64, undefined]);
  });

  it("takes 8,192 bytes of baggage, and nothing of more", () => {
    const sized = (bytes: number) => `${`a=${"x".repeat(3_998)},`.repeat(2)}b=${"x".repeat(bytes - 8_004)}`;
    expect(sized(8_192)).toHaveLength(8_192);
    expect([baggage(sized(8_192)) !== undefined, baggage(sized(8_193))]).toEqual([true, undefined]);
  });

  it("takes 32 members of trace state, and none of 33", () => {
    expect(state(members(32))).toBe(members(32));
    expect(state(members(33))).toBeUndefined();
  });

  it("takes each header once", () => {
    expect(baggage([members(1)])).toBe(1);
    expect([baggage([members(1), members(1)]), state(["a=1", "b=1"])]).toEqual([undefined, undefined]);
    const twice = { ...HEADERS, traceparent: [HEADERS.traceparent, HEADERS.traceparent] };
    expect(trace.getSpanContext(extract(twice, true))).toBeUndefined();
  });

  it("survives 10,000 headers made to break it", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.stringMatching(/^[0-9a-f]{2}-[0-9a-f]{30,33}-[0-9a-f]{15,17}-[0-9a-f]{2}$/),
      fc.constant(",=;".repeat(9_000)),
    );
    const header = fc.oneof(text, fc.array(text, { maxLength: 3 }), fc.constant(undefined));
    const headers = fc.record({ traceparent: header, tracestate: header, baggage: header });
    fc.assert(
      fc.property(headers, fc.boolean(), (carrier, trusted) => {
        const found = extract(carrier, trusted);
        expect(propagation.getBaggage(found)?.getAllEntries().length ?? 0).toBeLessThanOrEqual(64);
      }),
      { numRuns: 10_000 },
    );
  });

  it("survives a propagator that throws, and one that finds a context that is none", () => {
    const inner = (extract: TextMapPropagator["extract"]) =>
      incomingPropagator({ propagator: { inject() {}, extract, fields: () => [] } });
    const fails = inner(() => {
      throw new Error("no");
    });
    const invalid = inner((to) => trace.setSpanContext(to, INVALID_SPAN_CONTEXT));
    for (const each of [fails, invalid]) {
      expect(each.extract(ROOT_CONTEXT, {}, defaultTextMapGetter)).toBe(ROOT_CONTEXT);
    }
  });
});
