import { AgentError } from "./agent-error.ts";

/** No worker of the supervisor takes tasks of that type. The task was not kept. */
export class UnknownTaskTypeError extends AgentError {
  readonly code = "unknown_task_type";
  readonly supervisor: string;
  readonly taskType: string;
  /** Those that there are workers for. */
  readonly knownTypes: readonly string[];

  constructor(supervisor: string, taskType: string, knownTypes: readonly string[]) {
    const known = knownTypes.length === 0 ? "it has no workers" : `it knows ${knownTypes.join(", ")}`;
    super(`supervisor "${supervisor}" has no worker for tasks of type ${JSON.stringify(taskType)}: ${known}`);
    this.supervisor = supervisor;
    this.taskType = taskType;
    this.knownTypes = knownTypes;
  }
}
