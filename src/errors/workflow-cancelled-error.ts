import { AgentError } from "./agent-error.ts";

/** The run was cancelled. Its steps are kept for looking; `reopen` lets it be run again. */
export class WorkflowCancelledError extends AgentError {
  readonly code = "workflow_cancelled";
  readonly workflow: string;
  readonly workflowId: string;

  constructor(workflow: string, workflowId: string) {
    super(`Workflow "${workflow}" with this id was cancelled`);
    this.workflow = workflow;
    this.workflowId = workflowId;
  }
}
