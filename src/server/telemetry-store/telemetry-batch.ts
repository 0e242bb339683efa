import type { TraceSpan } from "../../telemetry/trace-span.ts";

export type PlainAttributes = Readonly<Record<string, unknown>>;

/** One point of a metric series. */
export interface MetricPoint {
  readonly name: string;
  readonly kind: "gauge" | "sum" | "histogram";
  /** Whether it counts from the point before, and not from the start of the process. */
  readonly delta: boolean;
  readonly attributes: PlainAttributes;
  readonly resource: PlainAttributes;
  /** Milliseconds since the epoch. */
  readonly timeMs: number;
  /** Of a histogram the sum of its values. */
  readonly value: number;
  /** Of a histogram how many values; else 1. */
  readonly count: number;
}

export interface LogRecord {
  /** Nanoseconds since the epoch. */
  readonly timeNs: bigint;
  readonly severity: string;
  readonly body: string;
  readonly eventName: string | undefined;
  /** 32 and 16 lower-case hex digits. */
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  readonly attributes: PlainAttributes;
  readonly resource: PlainAttributes;
}

/** What one request brings. Bounded in every direction by the receiver. */
export interface TelemetryBatch {
  readonly spans?: readonly TraceSpan[];
  readonly points?: readonly MetricPoint[];
  readonly logs?: readonly LogRecord[];
}

/** Where a receiver puts what it has read. */
export interface TelemetrySink {
  /**
   * Resolves when all of it is committed. Adding the same again changes nothing.
   *
   * @param last Whether nothing else is on the way that it could wait for. @default false
   */
  add(batch: TelemetryBatch, last?: boolean): Promise<void>;
}
