/** What a hook that runs a piece of the AI SDK is given; the rest is read as it comes. */
export interface HookedCall<T> {
  readonly callId: string;
  readonly execute: () => PromiseLike<T>;
}

/**
 * The part of the AI SDK's `Telemetry` that is used here, for `registerTelemetry` or a call's own `telemetry.integrations`. No type
 * of `ai` stands in it, so the package need not be there.
 */
export interface AiSdkTelemetry {
  onStart(event: unknown): void;
  onToolExecutionEnd(event: unknown): void;
  onObjectStepStart(event: unknown): void;
  onObjectStepEnd(event: unknown): void;
  onEmbedStart(event: unknown): void;
  onEmbedEnd(event: unknown): void;
  onEnd(event: unknown): void;
  onAbort(event: unknown): void;
  onError(event: unknown): void;
  executeLanguageModelCall<T>(call: HookedCall<T>): PromiseLike<T>;
  executeTool<T>(call: HookedCall<T>): PromiseLike<T>;
}
