import { AgentError } from "./agent-error.ts";

/** A call failed, and so did what was to answer in its place. */
export class FallbackFailedError extends AgentError {
  readonly code = "fallback_failed";
  /** Of the fallback, such as `degraded`. */
  readonly fallback: string;
  /** What the call threw, and then what the fallback threw. The first is also the `cause`. */
  readonly errors: readonly [unknown, unknown];

  constructor(fallback: string, callError: unknown, fallbackError: unknown) {
    super(
      `the ${fallback} fallback failed as well as the call: ${said(fallbackError)}; the call: ${said(callError)}`,
      {
        cause: callError,
      },
    );
    this.fallback = fallback;
    this.errors = [callError, fallbackError];
  }
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
