import { AgentError } from "./agent-error.ts";

/** The run has ended the processes that ran it too often without a step in between, and is not given out until `reopen`. */
export class WorkflowCrashedError extends AgentError {
  readonly code = "workflow_crashed";
  readonly workflow: string;
  readonly workflowId: string;
  /** How many owners have vanished at this step. */
  readonly crashes: number;

  constructor(workflow: string, workflowId: string, crashes: number) {
    super(
      `Workflow "${workflow}" with this id has lost ${crashes} owners at one step; look at it, and reopen it`,
    );
    this.workflow = workflow;
    this.workflowId = workflowId;
    this.crashes = crashes;
  }
}
