import { AgentError } from "./agent-error.ts";

/** The call did not settle in its time. Its signal was aborted; what it still does is not waited for. */
export class CallTimeoutError extends AgentError {
  readonly code = "timeout";
  /** Milliseconds that it had. */
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    super(`the call did not settle within ${timeoutMs} ms`);
    this.timeoutMs = timeoutMs;
  }
}
