import { AgentError } from "./agent-error.ts";

/** What a program is, as far as a run depends on it. */
export interface WorkflowProgram {
  readonly workflow: string;
  readonly version: string;
  /** Names, in order. */
  readonly steps: readonly string[];
}

/** The run was begun by another program: other steps, another order, version or workflow. Nothing was run; it needs attention now. */
export class WorkflowChangedError extends AgentError {
  readonly code = "workflow_changed";
  readonly workflow: string;
  readonly workflowId: string;
  /** The program that began it. */
  readonly recorded: WorkflowProgram;
  /** This one. */
  readonly current: WorkflowProgram;

  constructor(workflowId: string, recorded: WorkflowProgram, current: WorkflowProgram) {
    super(
      `Workflow "${current.workflow}" with this id was begun by another program: ${difference(recorded, current)}. ` +
        "Finish it with that program, or cancel it and use a new id",
    );
    this.workflow = current.workflow;
    this.workflowId = workflowId;
    this.recorded = recorded;
    this.current = current;
  }
}

function difference(recorded: WorkflowProgram, current: WorkflowProgram): string {
  if (recorded.workflow !== current.workflow) return `it belongs to the workflow "${recorded.workflow}"`;
  if (recorded.version !== current.version)
    return `it was version ${JSON.stringify(recorded.version)}, and now it is ${JSON.stringify(current.version)}`;
  const at = recorded.steps.findIndex((step, i) => step !== current.steps[i]);
  const i = at === -1 ? recorded.steps.length : at;
  return `step ${i} was ${named(recorded.steps[i])}, and now it is ${named(current.steps[i])}`;
}

function named(step: string | undefined): string {
  return step === undefined ? "not there" : JSON.stringify(step);
}
