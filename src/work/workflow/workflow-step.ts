import { isAgentError } from "../../errors/agent-error.ts";
import { checkFunction, checkName } from "../../internal/check-name.ts";
import { answerOr } from "../../resilience/answer-or.ts";
import type { Policy } from "../../resilience/policy.ts";
import { retry } from "../../resilience/retry.ts";
import { timeout } from "../../resilience/timeout.ts";
import { checkStepOptions, type StepOptions, type WorkflowSettings } from "./workflow-options.ts";
import type { WorkflowState } from "./workflow-state.ts";

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/** What a step is told besides the state. */
export interface StepContext {
  readonly workflowId: string;
  readonly step: string;
  /** From 0. */
  readonly index: number;
  /** From 1, counted anew by each owner of the run. */
  readonly attempt: number;
  /**
   * The same at every attempt of this step of this run, in whatever process: hand it to whatever makes an effect, since a step whose process
   * dies before its result is kept is run once more.
   */
  readonly idempotencyKey: string;
  /** Aborted when the attempt's time is over, the caller gives up, or the run is cancelled or lost. */
  readonly signal: AbortSignal;
}

/**
 * One step: gets a copy of the state so far, and returns the fields that it adds to it.
 */
export type StepHandler<S, O> = (state: S, context: StepContext) => O | PromiseLike<O>;

/** A step as it is run. */
export interface WorkflowStep {
  readonly name: string;
  readonly handler: StepHandler<WorkflowState, unknown>;
  readonly timeLimit: Policy;
  /** @param mayRetry Whether what was thrown is the step's own. */
  retries(mayRetry: () => boolean): Policy;
}

/** @throws TypeError or RangeError that names the step, the option and the value. */
export function workflowStep(
  name: string,
  handler: StepHandler<WorkflowState, unknown>,
  options: StepOptions,
  { after, clock }: Pick<WorkflowSettings, "after" | "clock">,
): WorkflowStep {
  checkName("checkpointedWorkflow: step", name);
  checkFunction(`checkpointedWorkflow: step "${name}"`, handler);
  const { retries, timeoutMs } = checkStepOptions(name, options);
  const { retryable = isNoRefusal } = options;
  const mayHelp = (error: unknown): boolean =>
    typeof retryable === "boolean"
      ? retryable
      : answerOr("checkpointedWorkflow: retryable", () => retryable(error), false);
  return {
    name,
    handler,
    timeLimit: timeout(timeoutMs, { after, clock }),
    retries: (mayRetry) =>
      retry({
        attempts: retries + 1,
        // After the n-th failure; the attempt to come has the next number.
        backoff: (attempt) => Math.min(FIRST_MS * 2 ** (attempt - 1), LONGEST_MS),
        retryIf: (error) => mayRetry() && mayHelp(error),
        after,
        clock,
      }),
  };
}

/** A budget that is spent is spent at the next attempt as well. */
function isNoRefusal(error: unknown): boolean {
  return !isAgentError(error) || error.code === "timeout";
}
