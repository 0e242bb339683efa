import { AgentError } from "./agent-error.ts";

/** There is no result for that id: no such task was accepted, or its result was not asked for in time and is no longer kept. */
export class UnknownTaskError extends AgentError {
  readonly code = "unknown_task";
  readonly supervisor: string;
  readonly taskId: string;

  constructor(supervisor: string, taskId: string) {
    super(`supervisor "${supervisor}" has no result for task ${JSON.stringify(taskId)}`);
    this.supervisor = supervisor;
    this.taskId = taskId;
  }
}
