import type { Attributes } from "@opentelemetry/api";
import type { HistogramCell } from "./cells.ts";

interface Base {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
}

/** A monotonic sum. */
export interface CounterInstrument extends Base {
  readonly kind: "counter";
  /** Whether its values are whole numbers. */
  readonly whole: boolean;
  readonly points: readonly { readonly attributes: Attributes; readonly value: number }[];
}

export interface HistogramInstrument extends Base {
  readonly kind: "histogram";
  readonly whole: boolean;
  readonly points: readonly { readonly attributes: Attributes; readonly cell: HistogramCell }[];
}

/** A value of now, which may go up and down. */
export interface GaugeInstrument extends Base {
  readonly kind: "gauge";
  readonly whole: boolean;
  readonly points: readonly { readonly attributes: Attributes; readonly value: number }[];
}

/** One metric at the time of collection, without any type of an SDK. */
export type Instrument = CounterInstrument | HistogramInstrument | GaugeInstrument;
