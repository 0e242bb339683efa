// The OpenAI Agents SDK as far as we use it. Structural types of our own: `agent-otel` type-checks where the SDK is not installed.

/** A span of the SDK. Copies of it travel in the SDK's async context; `spanData` is one object, shared by all copies. */
export interface SdkSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | null;
  readonly spanData: { readonly type: string };
  readonly error: SdkSpanError | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

export interface SdkSpanError {
  readonly message: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface SdkTrace {
  readonly traceId: string;
  /** What the SDK shows as the name of the workflow. */
  readonly name: string;
  readonly groupId: string | null;
}

/** `TracingProcessor` of the SDK. */
export interface SdkTracingProcessor {
  onTraceStart(trace: SdkTrace): Promise<void>;
  onTraceEnd(trace: SdkTrace): Promise<void>;
  onSpanStart(span: SdkSpan): Promise<void>;
  onSpanEnd(span: SdkSpan): Promise<void>;
  shutdown(timeout?: number): Promise<void>;
  forceFlush(): Promise<void>;
}

/** What `import * as agents from "@openai/agents"` gives, as far as we use it. */
export interface OpenAIAgentsModule {
  addTraceProcessor(processor: SdkTracingProcessor): void;
  setTraceProcessors(processors: SdkTracingProcessor[]): void;
  readonly OpenAIResponsesModel?: { readonly prototype: object };
  readonly OpenAIChatCompletionsModel?: { readonly prototype: object };
}

/** The name that the SDK gives to a run which the program did not name. */
export const DEFAULT_WORKFLOW = "Agent workflow";
