import type { RouterReason } from "./eligibility.ts";

/** A model that could have taken the call. */
export interface ModelEstimate {
  readonly model: string;
  readonly provider: string | undefined;
  readonly estimatedCostUsd: number;
  /** Output tokens over the model's speed. */
  readonly estimatedLatencyMs: number;
}

/** A model that could not. */
export interface PassedOver {
  readonly model: string;
  readonly provider: string | undefined;
  readonly reasons: readonly RouterReason[];
}

/** The model to call, and why that one. Its estimated cost is charged already. */
export interface RouterDecision extends ModelEstimate {
  readonly router: string;
  readonly complexity: number;
  /** Whether the model is for other tasks, since none for this complexity could take the call. */
  readonly relaxed: boolean;
  /** Whether it is the model of the call before, and was kept for that. */
  readonly pinned: boolean;
  /** The others that could have taken it, the cheapest first. */
  readonly alternatives: readonly ModelEstimate[];
  readonly passedOver: readonly PassedOver[];
}
