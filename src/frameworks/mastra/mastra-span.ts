/** What Mastra says of a span that it begins: of its `CreateSpanOptions`, what is read here. */
export interface MastraSpanOptions {
  readonly type: string;
  readonly name?: string | undefined;
  readonly entityName?: string | undefined;
  readonly entityId?: string | undefined;
  readonly attributes?: unknown;
  readonly metadata?: unknown;
  readonly input?: unknown;
  readonly isEvent?: boolean | undefined;
  readonly parent?: unknown;
}

/** A span as Mastra tells exporters and bridges of it. */
export interface MastraExportedSpan extends MastraSpanOptions {
  readonly id: string;
  readonly traceId: string;
  readonly output?: unknown;
  readonly errorInfo?: unknown;
}

export interface MastraSpanIds {
  traceId: string;
  spanId: string;
}

/** Of Mastra's `ObservabilityBridge`, in a structure of our own: its types are needed by nobody who does not use it. */
export interface MastraBridge {
  name: string;
  init(options: { config?: unknown }): void;
  createSpan(options: MastraSpanOptions): MastraSpanIds | undefined;
  executeInContext<T>(spanId: string, fn: () => Promise<T>): Promise<T>;
  executeInContextSync<T>(spanId: string, fn: () => T): T;
  onTracingEvent(event: { readonly type: string; readonly exportedSpan: MastraExportedSpan }): void;
  exportTracingEvent(event: {
    readonly type: string;
    readonly exportedSpan: MastraExportedSpan;
  }): Promise<void>;
  releaseSpan(spanId: string, traceId: string): void;
  flush(): Promise<void>;
  shutdown(): Promise<void>;
}
