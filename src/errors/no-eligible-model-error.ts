import { AgentError } from "./agent-error.ts";

/** Why one model could not be taken. */
export interface ModelRefusal {
  readonly model: string;
  readonly provider: string | undefined;
  /** All of them, as `context`, `budget`, `cooling`. */
  readonly reasons: readonly string[];
  /** Milliseconds until none of its reasons holds any more; `undefined` where waiting does not help, or nobody knows how long. */
  readonly retryAfterMs: number | undefined;
}

/** No model can take the call: nothing was charged. */
export class NoEligibleModelError extends AgentError {
  readonly code = "no_eligible_model";
  readonly router: string;
  readonly models: readonly ModelRefusal[];
  /** Milliseconds until the first of them may be eligible; `undefined` where none will be by waiting, or nobody knows how long. */
  readonly retryAfterMs: number | undefined;

  constructor(router: string, models: readonly ModelRefusal[]) {
    const why = models.map(({ model, reasons }) => `${model}: ${reasons.join(", ")}`).join("; ");
    super(`model router "${router}" has no model for this call (${why || "it has no models"})`);
    this.router = router;
    this.models = models;
    const waits = models.flatMap(({ retryAfterMs }) => (retryAfterMs === undefined ? [] : [retryAfterMs]));
    this.retryAfterMs = waits.length === 0 ? undefined : Math.min(...waits);
  }
}
