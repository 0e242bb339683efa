import { context, propagation, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { afterEach, describe, expect, it } from "vitest";
import { incomingPropagator } from "../../../src/pipeline/propagation/incoming-propagator.ts";
import { wrapRegisteredPropagator } from "../../../src/pipeline/propagation/wrap-registered-propagator.ts";

const before = process.env["OTEL_PROPAGATORS"];
const TRACE = "a".repeat(32);
const W3C = { traceparent: `00-${TRACE}-${"b".repeat(16)}-01` };
const B3 = { b3: `${TRACE}-${"b".repeat(16)}-1` };

let sdk: NodeSDK | undefined;
afterEach(async () => {
  await sdk?.shutdown();
  for (const each of [propagation, trace, context]) each.disable();
  if (before === undefined) delete process.env["OTEL_PROPAGATORS"];
  else process.env["OTEL_PROPAGATORS"] = before;
});

function start(propagators: string | undefined, trustIncoming: boolean): void {
  if (propagators === undefined) delete process.env["OTEL_PROPAGATORS"];
  else process.env["OTEL_PROPAGATORS"] = propagators;
  sdk = new NodeSDK({
    spanProcessors: [],
    metricReaders: [],
    logRecordProcessors: [],
    autoDetectResources: false,
  });
  const wrap = (propagator: Parameters<typeof propagation.setGlobalPropagator>[0]) =>
    incomingPropagator({ propagator, trustIncoming });
  wrapRegisteredPropagator(wrap, () => sdk?.start());
}

const parentOf = (carrier: object) =>
  trace.getSpanContext(propagation.extract(ROOT_CONTEXT, carrier))?.traceId;

describe("wrapRegisteredPropagator", () => {
  it("wraps what NodeSDK registers by default", () => {
    start(undefined, false);
    expect(propagation.fields()).toEqual(["traceparent", "tracestate", "baggage"]);
    expect(parentOf(W3C)).toBeUndefined();
  });

  it("wraps what OTEL_PROPAGATORS chooses", () => {
    start("b3", true);
    expect([parentOf(B3), parentOf(W3C)]).toEqual([TRACE, undefined]);
  });

  it("registers nothing for none", () => {
    start("none", true);
    expect(propagation.fields()).toEqual([]);
  });

  it("puts the API back as it was, also when the run throws", () => {
    const own = Object.getOwnPropertyDescriptor(propagation, "setGlobalPropagator");
    const fail = () => {
      throw new Error("no");
    };
    expect(() => wrapRegisteredPropagator((each) => each, fail)).toThrow("no");
    expect(Object.getOwnPropertyDescriptor(propagation, "setGlobalPropagator")).toEqual(own);
  });
});
