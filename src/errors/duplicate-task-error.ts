import { AgentError } from "./agent-error.ts";

/** A task of that id is under way, or its result is still kept. The second one was not accepted, and the first is as it was. */
export class DuplicateTaskError extends AgentError {
  readonly code = "duplicate_task";
  readonly supervisor: string;
  readonly taskId: string;

  constructor(supervisor: string, taskId: string) {
    super(`supervisor "${supervisor}" has a task ${JSON.stringify(taskId)} already`);
    this.supervisor = supervisor;
    this.taskId = taskId;
  }
}
