/** A value as it is on the wire. */
export interface Value {
  readonly type: "string" | "int" | "double" | "boolean" | "string[]" | "any";
  readonly value: unknown;
}

export type Values = Readonly<Record<string, Value>>;

export interface Happened {
  readonly name: string;
  readonly attributes: Values;
}

export interface FoundSpan extends Happened {
  readonly scope: string;
  /** In OTLP's numbers: 1 internal, 3 client. */
  readonly kind: number;
  readonly events: readonly Happened[];
  readonly links: readonly Values[];
  /** 0 unset, 1 ok, 2 error. */
  readonly status: number;
}

export interface FoundMetric {
  readonly scope: string;
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly kind: "counter" | "gauge" | "histogram" | "updowncounter";
  readonly points: readonly {
    readonly attributes: Values;
    /** Of numbers. */
    readonly type: "int" | "double" | undefined;
    /** Of histograms. */
    readonly bounds: readonly number[] | undefined;
  }[];
}

export interface FoundLog extends Happened {
  readonly scope: string;
  readonly severity: number;
}

/** All that a program has sent. */
export interface Telemetry {
  readonly resources: readonly Values[];
  readonly spans: readonly FoundSpan[];
  readonly metrics: readonly FoundMetric[];
  readonly logs: readonly FoundLog[];
}
