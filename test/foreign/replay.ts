import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Attributes, context, type Span, type SpanKind, trace } from "@opentelemetry/api";

/** A span that a library made, with what stood on it at which time. */
export interface FixtureSpan {
  readonly id: number;
  readonly parent: number | null;
  readonly scope: string;
  readonly name: string;
  readonly kind: SpanKind;
  /** Places of start and end among those of all spans. */
  readonly start: number;
  readonly end: number;
  readonly status: number;
  readonly atStart: Attributes;
  /** What was added before its first child began. */
  readonly beforeChildren: Attributes;
  readonly atEnd: Attributes;
}

export interface Fixture {
  readonly dialect: string;
  readonly origin: string;
  readonly spans: readonly FixtureSpan[];
}

export function fixture(dialect: string): Fixture {
  const file = join(import.meta.dirname, "fixtures", `${dialect}.json`);
  return JSON.parse(readFileSync(file, "utf8")) as Fixture;
}

/**
 * Makes the spans of a fixture again, in the order of the recording, below what is active.
 *
 * @returns The id of each span's fixture by the id of the span that was made.
 */
export function replay({ spans }: Fixture): ReadonlyMap<string, number> {
  const made = new Map<number, Span>();
  const ids = new Map<string, number>();
  const steps = spans.flatMap((span) => [
    { at: span.start, run: () => start(span) },
    { at: span.end, run: () => end(span) },
  ]);
  for (const { run } of steps.sort((a, b) => a.at - b.at)) run();
  return ids;

  function start(span: FixtureSpan): void {
    const parent = span.parent === null ? undefined : made.get(span.parent);
    const around = parent === undefined ? context.active() : trace.setSpan(context.active(), parent);
    const { kind, atStart: attributes } = span;
    const started = trace.getTracer(span.scope).startSpan(span.name, { kind, attributes }, around);
    made.set(span.id, started);
    ids.set(started.spanContext().spanId, span.id);
    if (spans.some(({ parent: of }) => of === span.id)) started.setAttributes(span.beforeChildren);
  }

  function end(span: FixtureSpan): void {
    const ended = made.get(span.id)!;
    ended.setAttributes(span.beforeChildren);
    ended.setAttributes(span.atEnd);
    ended.setStatus({ code: span.status });
    ended.end();
  }
}
