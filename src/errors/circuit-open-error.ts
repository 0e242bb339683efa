import { AgentError } from "./agent-error.ts";

/** The call was refused without being made, because its breaker is open or its trial calls are all under way. */
export class CircuitOpenError extends AgentError {
  readonly code = "circuit_open";
  readonly breaker: string;
  /** Milliseconds until the breaker lets a trial call through; 0 where one is under way, Infinity where it was opened by hand. */
  readonly retryAfterMs: number;

  /** @param cause The last failure, which opened it. */
  constructor(breaker: string, retryAfterMs: number, cause?: unknown) {
    const when = Number.isFinite(retryAfterMs)
      ? `next trial call in ${Math.ceil(retryAfterMs)} ms`
      : "opened by hand";
    super(`circuit breaker "${breaker}" is open (${when})`, cause === undefined ? undefined : { cause });
    this.breaker = breaker;
    this.retryAfterMs = retryAfterMs;
  }
}
