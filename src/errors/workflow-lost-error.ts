import { AgentError } from "./agent-error.ts";

/** This call no longer owns the run: its lease was over, and another owner may have it. What it did since is not kept. */
export class WorkflowLostError extends AgentError {
  readonly code = "workflow_lost";
  readonly workflow: string;
  readonly workflowId: string;

  /** @param reason Completes "…, since". */
  constructor(workflow: string, workflowId: string, reason: string, cause?: unknown) {
    super(
      `Workflow "${workflow}" is no longer owned by this call, since ${reason}`,
      cause === undefined ? undefined : { cause },
    );
    this.workflow = workflow;
    this.workflowId = workflowId;
  }
}
