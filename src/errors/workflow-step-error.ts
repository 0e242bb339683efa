import { AgentError } from "./agent-error.ts";

export interface FailedStep {
  readonly workflow: string;
  readonly workflowId: string;
  readonly step: string;
  /** From 0. */
  readonly stepIndex: number;
  /** How often it was tried. */
  readonly attempts: number;
  /** Names of the steps that are committed, in order. */
  readonly completedSteps: readonly string[];
}

/** A step of a workflow has failed for good. What was committed before is kept; `execute` tries this step again. */
export class WorkflowStepError extends AgentError {
  readonly code = "workflow_step_failed";
  readonly workflow: string;
  readonly workflowId: string;
  readonly step: string;
  readonly stepIndex: number;
  readonly attempts: number;
  readonly completedSteps: readonly string[];

  /** @param cause What the step threw at its last attempt. */
  constructor(failed: FailedStep, cause: unknown) {
    const { workflow, step, stepIndex, attempts, completedSteps } = failed;
    const why = cause instanceof Error ? cause.message : String(cause);
    super(
      `Workflow "${workflow}" failed at step "${step}" (${stepIndex}) after ${attempts} ${attempts === 1 ? "attempt" : "attempts"}: ${why}. ` +
        `Completed: [${completedSteps.join(", ")}]`,
      { cause },
    );
    this.workflow = workflow;
    this.workflowId = failed.workflowId;
    this.step = step;
    this.stepIndex = stepIndex;
    this.attempts = attempts;
    this.completedSteps = completedSteps;
  }
}
