import { context, SpanKind, SpanStatusCode, TraceFlags, type Tracer, trace } from "@opentelemetry/api";
import { TraceState } from "@opentelemetry/core";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { describe, expect, it } from "vitest";
import { expectSameBytes } from "./transformer.ts";

/** The spans that `work` ends, made with the real SDK. */
function spansOf(work: (provider: TracerProvider) => void) {
  const exporter = new InMemorySpanExporter();
  work(
    new TracerProvider({
      resource: resourceFromAttributes(
        { "service.name": "agents", pids: [1, 2] },
        { schemaUrl: "https://s/1" },
      ),
      spanProcessors: [new SimpleSpanProcessor({ exporter })],
      spanLimits: {
        attributeCountLimit: 4,
        eventCountLimit: 2,
        linkCountLimit: 1,
        attributeValueLengthLimit: 50,
      },
    }),
  );
  return exporter.getFinishedSpans();
}

const remote = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  traceFlags: TraceFlags.SAMPLED,
  isRemote: true,
  traceState: new TraceState("vendor=1"),
};

function callAgent(tracer: Tracer, attributes: number): void {
  const under = trace.setSpanContext(context.active(), remote);
  const parent = tracer.startSpan(
    "invoke_agent a",
    { kind: SpanKind.INTERNAL, links: [{ context: remote }] },
    under,
  );
  const child = tracer.startSpan("chat ü", { kind: SpanKind.CLIENT }, trace.setSpan(under, parent));
  for (let i = 0; i < attributes; i++)
    child.setAttribute(`attribute.${i}`, ["text", i, 0.5, true, ["a", "b"]][i % 5]!);
  child.addEvent("first", { n: 1 });
  child.recordException(new Error("no answer"));
  child.addEvent("third");
  child.addLink({ context: remote, attributes: { why: "retry" } });
  child.addLink({ context: { ...remote, isRemote: false } });
  child.setStatus({ code: SpanStatusCode.ERROR, message: "no answer" });
  child.end();
  parent.setStatus({ code: SpanStatusCode.OK });
  parent.end();
}

describe("the encoder and spans of the SDK", () => {
  it("gives the transformer's bytes, with several tracers in turn", () => {
    const spans = spansOf((provider) => {
      const tracers = [
        provider.getTracer("a"),
        provider.getTracer("a", "1.0.0"),
        provider.getTracer("b", "2", { schemaUrl: "https://s/2" }),
      ];
      for (let i = 0; i < 60; i++) callAgent(tracers[i % 3]!, i % 8);
    });
    expect(spans).toHaveLength(120);
    expect(spans.some(({ droppedAttributesCount }) => droppedAttributesCount > 0)).toBe(true);
    expect(spans.some(({ droppedEventsCount }) => droppedEventsCount > 0)).toBe(true);
    expect(spans.some(({ droppedLinksCount }) => droppedLinksCount > 0)).toBe(true);
    expectSameBytes(spans);
  });

  it("gives the transformer's bytes for spans of several providers, mixed", () => {
    const [ours, others] = [1, 2].map(() => spansOf((provider) => callAgent(provider.getTracer("a"), 3)));
    expectSameBytes([...ours!, ...others!, ...ours!]);
  });
});
