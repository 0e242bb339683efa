import type { TraceSpan } from "../telemetry/trace-span.ts";

const STARTED = Symbol("agent-otel.started");
const ENDED = Symbol("agent-otel.ended");

type Ordered = TraceSpan & { readonly [STARTED]?: number; readonly [ENDED]?: number };

/**
 * Marks a span with its place in what a recorder has seen. SDKs start spans by a clock of milliseconds, so times alone do not tell which of two
 * was first. Not enumerable: spans compare as before.
 */
export function markOrder(span: TraceSpan, started: number, ended: number): TraceSpan {
  Object.defineProperty(span, STARTED, { value: started });
  return Object.defineProperty(span, ENDED, { value: ended });
}

/** In the order in which they were started; where no recorder has seen it by time, then what is above before what is below, then by name. */
export function inStartOrder(spans: readonly TraceSpan[]): TraceSpan[] {
  if (isMarked(spans)) return spans.toSorted(byStart(spans));
  const depths = depthsOf(spans);
  const start = byStart(spans);
  return spans.toSorted(
    (one, other) =>
      start(one, other) ||
      (depths.get(one) ?? 0) - (depths.get(other) ?? 0) ||
      compare(one.name, other.name) ||
      compare(one.endNs ?? 0n, other.endNs ?? 0n) ||
      compare(one.spanId, other.spanId),
  );
}

/** Compares spans by their start alone: by what a recorder has seen, where one has seen them all; else by time. */
export function byStart(spans: readonly TraceSpan[]): (one: TraceSpan, other: TraceSpan) => number {
  if (isMarked(spans)) return (one, other) => startedOf(one)! - startedOf(other)!;
  return (one, other) => compare(one.startNs, other.startNs);
}

function isMarked(spans: readonly TraceSpan[]): boolean {
  return spans.every((span) => startedOf(span) !== undefined);
}

/** How many spans are above each; none is given for spans whose parents form a circle. */
function depthsOf(spans: readonly TraceSpan[]): ReadonlyMap<TraceSpan, number> {
  const depths = new Map<TraceSpan, number>();
  for (const { span, depth } of fromTheTop(spans)) depths.set(span, depth);
  return depths;
}

/** Every span that hangs on a first one, those above before those below. */
export function fromTheTop(
  spans: readonly TraceSpan[],
): { readonly span: TraceSpan; readonly depth: number }[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const below = Map.groupBy(spans, ({ parentSpanId }) =>
    parentSpanId !== undefined && ids.has(parentSpanId) ? parentSpanId : undefined,
  );
  const found = (below.get(undefined) ?? []).map((span) => ({ span, depth: 0 }));
  // Grows while it is read.
  for (const { span, depth } of found) {
    for (const child of below.get(span.spanId) ?? []) found.push({ span: child, depth: depth + 1 });
  }
  return found;
}

/** Between two things that a recorder saw one after the other, in the times that {@link inSeenTime} gives. */
const STEP_NS = 1_000_000_000n;

/**
 * The same spans with times in which nothing happens at once: what a recorder saw one after the other is a second apart. For rules that look at
 * times, since a whole test may take less than the millisecond that SDKs start spans by. Spans that no recorder saw stay as they are.
 */
export function inSeenTime(spans: readonly TraceSpan[]): readonly TraceSpan[] {
  if (!isMarked(spans)) return spans;
  const edges = spans.flatMap((span) => [
    { realNs: span.startNs, seen: startedOf(span)! },
    { realNs: span.endNs, seen: (span as Ordered)[ENDED]! },
  ]);
  return spans.map((span) => ({
    ...span,
    startNs: BigInt(startedOf(span)!) * STEP_NS,
    endNs: span.endNs === undefined ? undefined : BigInt((span as Ordered)[ENDED]!) * STEP_NS,
    events: span.events.map((event) => {
      const before = edges.filter(({ realNs }) => realNs !== undefined && realNs <= event.timeNs);
      const last = before.reduce((most, { seen }) => Math.max(most, seen), startedOf(span)!);
      return { ...event, timeNs: BigInt(last) * STEP_NS + STEP_NS / 2n };
    }),
  }));
}

/** How far two spans can seem to have overlapped that followed one another. */
const BLUR_NS = 1_000_000n;

/** Whether `later` began before `earlier` was over: they ran side by side. */
export function overlap(earlier: TraceSpan, later: TraceSpan): boolean {
  const [ended, started] = [(earlier as Ordered)[ENDED], startedOf(later)];
  if (ended !== undefined && started !== undefined) return started < ended;
  return earlier.endNs === undefined || earlier.endNs > later.startNs + BLUR_NS;
}

/** `undefined` for a span that no recorder has seen. */
function startedOf(span: TraceSpan): number | undefined {
  return (span as Ordered)[STARTED];
}

function compare<T extends bigint | string>(one: T, other: T): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
