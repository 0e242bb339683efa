import { type Sampler, SamplingDecision, type SamplingResult } from "@opentelemetry/sdk-trace";
import { reportFailure } from "../internal/warn-once.ts";

/** A broken sampler costs money, not spans. */
const KEPT: SamplingResult = { decision: SamplingDecision.RECORD_AND_SAMPLED };

/**
 * Keeps a sampler's errors out of the program: the SDK asks it inside `startSpan()`, the program's own ones included. What it
 * fails to decide is kept; the first failure is reported.
 */
export function guardedSampler(sampler: Sampler): Sampler {
  return {
    shouldSample(...asked) {
      try {
        const result: SamplingResult | undefined = sampler.shouldSample(...asked);
        if (typeof result?.decision === "number") return result;
        reportFailure("the sampler", new TypeError("it gave no decision"));
      } catch (error) {
        reportFailure("the sampler", error);
      }
      return KEPT;
    },
    toString: () => "GuardedSampler",
  };
}
