import { AgentError } from "./agent-error.ts";

/** Another call, in this process or another one, runs the workflow with this id. Nothing was run. */
export class WorkflowHeldError extends AgentError {
  readonly code = "workflow_held";
  readonly workflow: string;
  readonly workflowId: string;
  /** Milliseconds until its lease ends, unless it renews it. */
  readonly retryAfterMs: number;

  constructor(workflow: string, workflowId: string, retryAfterMs: number) {
    super(
      `Workflow "${workflow}" with this id is being run by another owner, whose lease is good for ${retryAfterMs} ms`,
    );
    this.workflow = workflow;
    this.workflowId = workflowId;
    this.retryAfterMs = retryAfterMs;
  }
}
