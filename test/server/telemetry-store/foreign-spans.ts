import { type Context, ROOT_CONTEXT, type Span, trace } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import type { Fixture, FixtureSpan } from "../../foreign/replay.ts";

export interface MadeSpans {
  /** In the order of their ends, as an exporter gets them. */
  readonly spans: readonly ReadableSpan[];
  /** The id of each span's fixture by the id of the span that was made. */
  readonly ids: ReadonlyMap<string, number>;
}

/**
 * Makes the spans of a recording as a program without our processor sends them, a millisecond between each two steps.
 *
 * @param startMs Of the first, milliseconds since the epoch.
 * @param agent Of ours, around all of them. Left out: spans without a parent have traces of their own.
 * @param processor Of the program, before the exporter.
 */
export function madeOf(
  { spans }: Fixture,
  startMs: number,
  agent?: string,
  processor?: SpanProcessor,
): MadeSpans {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": "office", "process.pid": 4711 }),
    spanProcessors: [...(processor === undefined ? [] : [processor]), new SimpleSpanProcessor({ exporter })],
  });
  const made = new Map<number, Span>();
  const ids = new Map<string, number>();
  const root = agent === undefined ? undefined : startAgent(agent);
  const around = root === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, root);
  const steps = spans.flatMap((span) => [
    { at: span.start, run: () => start(span, around) },
    { at: span.end, run: () => end(span) },
  ]);
  for (const { run } of steps.sort((a, b) => a.at - b.at)) run();
  root?.end(startMs + 1_000);
  return { spans: exporter.getFinishedSpans(), ids };

  function startAgent(name: string): Span {
    return provider.getTracer("agent-otel").startSpan(`invoke_agent ${name}`, {
      startTime: startMs,
      attributes: { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": name },
    });
  }

  function start({ id, parent, scope, name, kind, atStart, start: at }: FixtureSpan, top: Context): void {
    const outer = parent === null ? undefined : made.get(parent);
    const options = { kind, attributes: atStart, startTime: startMs + 1 + at };
    const within = outer === undefined ? top : trace.setSpan(top, outer);
    const started = provider.getTracer(scope).startSpan(name, options, within);
    made.set(id, started);
    ids.set(started.spanContext().spanId, id);
  }

  function end(span: FixtureSpan): void {
    const ended = made.get(span.id)!;
    ended.setAttributes(span.beforeChildren);
    ended.setAttributes(span.atEnd);
    ended.setStatus({ code: span.status });
    ended.end(startMs + 1 + span.end);
  }
}
