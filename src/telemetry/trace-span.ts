import { SpanKind, type SpanStatus, SpanStatusCode } from "@opentelemetry/api";

/** Something that happened during a span. */
export interface TraceEvent {
  readonly name: string;
  /** Nanoseconds since the epoch. */
  readonly timeNs: bigint;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Another span that this one goes on with, without being its child. */
export interface TraceLink {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
}

/** One finished span as plain data, whether it came from an SDK in this process, a file or a socket. */
export interface TraceSpan {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  /** `undefined` for the first span of a trace. */
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: SpanKind;
  /** Nanoseconds since the epoch. */
  readonly startNs: bigint;
  /** Nanoseconds since the epoch; `undefined` while the span is open. */
  readonly endNs: bigint | undefined;
  readonly status: SpanStatus;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly TraceEvent[];
  /** Left out where there are none. */
  readonly links?: readonly TraceLink[];
  /** Attributes of the process that made the span, `service.name` among them. */
  readonly resource: Readonly<Record<string, unknown>>;
  /** Name of the instrumentation that made the span. */
  readonly scope: string | undefined;
}

/** Seconds and nanoseconds, as the SDK keeps time. */
type HrTime = readonly [seconds: number, nanos: number];

/** The part of the SDK's `ReadableSpan` that is read here, so that this layer needs no SDK. */
export interface SdkSpan {
  readonly name: string;
  readonly kind?: SpanKind;
  spanContext(): { readonly traceId: string; readonly spanId: string };
  readonly parentSpanContext?: { readonly spanId: string } | undefined;
  readonly startTime: HrTime;
  readonly endTime?: HrTime;
  readonly duration?: HrTime;
  readonly ended?: boolean;
  readonly status: SpanStatus;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly {
    readonly name: string;
    readonly time: HrTime;
    readonly attributes?: Readonly<Record<string, unknown>>;
  }[];
  readonly links?: readonly { readonly context: TraceLink }[];
  readonly resource?: { readonly attributes: Readonly<Record<string, unknown>> };
  readonly instrumentationScope?: { readonly name: string };
}

/** The plain form of an SDK span. */
export function fromSdkSpan(span: SdkSpan): TraceSpan {
  const { traceId, spanId } = span.spanContext();
  return {
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId || undefined,
    name: span.name,
    kind: span.kind ?? SpanKind.INTERNAL,
    startNs: nanos(span.startTime),
    endNs: endOf(span),
    status: span.status,
    attributes: span.attributes,
    events: span.events.map((event) => ({
      name: event.name,
      timeNs: nanos(event.time),
      attributes: event.attributes ?? {},
    })),
    ...linksOf(span),
    resource: span.resource?.attributes ?? {},
    scope: span.instrumentationScope?.name,
  };
}

/** Whether the span failed. */
export function isFailed(span: TraceSpan): boolean {
  return span.status.code === SpanStatusCode.ERROR;
}

function linksOf({ links = [] }: SdkSpan): Pick<TraceSpan, "links"> {
  if (links.length === 0) return {};
  return { links: links.map(({ context: { traceId, spanId } }) => ({ traceId, spanId })) };
}

function endOf(span: SdkSpan): bigint | undefined {
  // The SDK gives an open span the end [0, 0] and the duration [-1, -1].
  if (span.ended === false) return undefined;
  if (span.endTime !== undefined) return nanos(span.endTime);
  return span.duration && nanos(span.startTime) + nanos(span.duration);
}

function nanos([seconds, rest]: HrTime): bigint {
  return BigInt(Math.trunc(seconds)) * 1_000_000_000n + BigInt(Math.trunc(rest));
}
