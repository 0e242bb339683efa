import {
  type Context,
  defaultTextMapGetter,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  type TextMapSetter,
  trace,
} from "@opentelemetry/api";
import {
  ParentBasedSampler,
  type ReadableSpan,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { alwaysRecord } from "../../../src/pipeline/always-record.ts";
import { incomingPropagator } from "../../../src/pipeline/propagation/incoming-propagator.ts";
import { remoteLinkProcessor } from "../../../src/pipeline/propagation/remote-link.ts";

const TRACE = "a".repeat(32);
const SPAN = "b".repeat(16);
const HEADERS = {
  traceparent: `00-${TRACE}-${SPAN}-01`,
  tracestate: "vendor=1",
  baggage: "user.email=jane%40corp.example",
};

function extract(headers: object, trustIncoming?: boolean | ((carrier: unknown) => boolean)): Context {
  const propagator = incomingPropagator(trustIncoming === undefined ? {} : { trustIncoming });
  return propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
}

const ended: ReadableSpan[] = [];
let provider: TracerProvider;
beforeEach(() => {
  ended.length = 0;
  const keep = remoteLinkProcessor();
  provider = new TracerProvider({ spanProcessors: [{ ...keep, onEnd: (span) => void ended.push(span) }] });
});
afterEach(() => provider.shutdown());

const setter: TextMapSetter<Record<string, string>> = {
  set(carrier, name, value) {
    carrier[name] = value;
  },
};

function start(name: string, parent: Context, options = {}): Span {
  return provider.getTracer("test").startSpan(name, { kind: SpanKind.SERVER, ...options }, parent);
}

function spanIn(parent: Context): ReadableSpan {
  start("server", parent).end();
  return ended.at(-1)!;
}

describe("incoming context that is not trusted, as by default", () => {
  it("starts a trace of its own, linked to the caller", () => {
    const span = spanIn(extract(HEADERS));
    expect(span.spanContext().traceId).not.toBe(TRACE);
    expect(span.parentSpanContext).toBeUndefined();
    expect(span.links.map((link) => link.context)).toEqual([
      { traceId: TRACE, spanId: SPAN, traceFlags: 0, isRemote: true },
    ]);
  });

  it("gives the link to the first span alone", () => {
    const remote = extract(HEADERS);
    const server = start("server", remote);
    start("inner", trace.setSpan(remote, server)).end();
    start("detached", trace.setSpan(remote, server), { root: true }).end();
    server.end();
    expect(ended.map(({ name, links }) => [name, links.length])).toEqual([
      ["inner", 0],
      ["detached", 0],
      ["server", 1],
    ]);
  });

  it("links also a span that has a parent in this process", () => {
    const local = start("local", ROOT_CONTEXT);
    const inLocal = incomingPropagator().extract(
      trace.setSpan(ROOT_CONTEXT, local),
      HEADERS,
      defaultTextMapGetter,
    );
    const span = spanIn(inLocal);
    expect(span.parentSpanContext?.spanId).toBe(local.spanContext().spanId);
    expect(span.links).toHaveLength(1);
  });

  it("brings no baggage, and none of it becomes an attribute", () => {
    const remote = extract(HEADERS);
    expect(propagation.getBaggage(remote)).toBeUndefined();
    expect(JSON.stringify(spanIn(remote).attributes)).not.toContain("jane");
  });

  it("keeps the baggage that was there before", () => {
    const own = propagation.setBaggage(ROOT_CONTEXT, propagation.createBaggage({ mine: { value: "1" } }));
    const remote = incomingPropagator().extract(own, HEADERS, defaultTextMapGetter);
    expect(propagation.getBaggage(remote)?.getAllEntries()).toEqual([["mine", { value: "1" }]]);
  });

  it("does not decide what is sampled: a flood of sampled callers keeps the sample rate", () => {
    const root = new TraceIdRatioBasedSampler(0.1);
    const sampled = (trustIncoming: boolean) => {
      const tracer = new TracerProvider({
        sampler: alwaysRecord(new ParentBasedSampler({ root })),
        spanProcessors: [remoteLinkProcessor()],
      }).getTracer("test");
      const flags = Array.from(
        { length: 2_000 },
        () => tracer.startSpan("server", {}, extract(HEADERS, trustIncoming)).spanContext().traceFlags,
      );
      return flags.filter((flag) => flag === 1).length / flags.length;
    };
    expect(sampled(true)).toBe(1);
    expect(sampled(false)).toBeGreaterThan(0.05);
    expect(sampled(false)).toBeLessThan(0.15);
  });

  it("leaves the context as it is where there is no caller in it", () => {
    for (const headers of [
      {},
      { baggage: "a=1" },
      { traceparent: "00-zz" },
      { traceparent: `00-${"0".repeat(32)}-${SPAN}-01` },
    ]) {
      expect(extract(headers)).toBe(ROOT_CONTEXT);
    }
  });
});

describe("incoming context that is trusted", () => {
  it("is the parent, with sampling, trace state and baggage", () => {
    const remote = extract(HEADERS, true);
    const span = spanIn(remote);
    expect(span.parentSpanContext).toMatchObject({ traceId: TRACE, spanId: SPAN, traceFlags: 1 });
    expect(span.spanContext().traceState?.serialize()).toBe("vendor=1");
    expect(span.links).toEqual([]);
    expect(propagation.getBaggage(remote)?.getEntry("user.email")?.value).toBe("jane@corp.example");
  });

  it("puts no baggage into attributes", () => {
    expect(spanIn(extract(HEADERS, true)).attributes).toEqual({});
  });

  it("may be told apart by what carries it", () => {
    const trust = (carrier: unknown) => Reflect.get(carrier as object, "x-mesh-identity") === "us";
    expect(trace.getSpanContext(extract(HEADERS, trust))).toBeUndefined();
    expect(trace.getSpanContext(extract({ ...HEADERS, "x-mesh-identity": "us" }, trust))?.traceId).toBe(
      TRACE,
    );
  });

  it("is not, where the user's function throws or answers with another thing than true", () => {
    const fails = () => {
      throw new Error("no");
    };
    expect(trace.getSpanContext(extract(HEADERS, fails))).toBeUndefined();
    expect(trace.getSpanContext(extract(HEADERS, (() => "yes") as never))).toBeUndefined();
  });
});

describe("outgoing context", () => {
  it("is written as by the propagator inside, and its fields are that one's", () => {
    const propagator = incomingPropagator();
    const carrier: Record<string, string> = {};
    propagator.inject(extract(HEADERS, true), carrier, setter);
    expect(carrier).toEqual(HEADERS);
    expect(propagator.fields()).toEqual(["traceparent", "tracestate", "baggage"]);
  });

  it("knows nothing of a caller that is not trusted", () => {
    const carrier: Record<string, string> = {};
    incomingPropagator().inject(extract(HEADERS), carrier, setter);
    expect(carrier).toEqual({});
  });
});
