import { AgentError } from "./agent-error.ts";

/** What was found, and by how much. */
export interface FailureModeFacts {
  /** As `step_repetition`. */
  readonly mode: string;
  /** The rule that found it, as `same_arguments`. */
  readonly reason: string;
  /** The agent that failed so. */
  readonly agent: string;
  /** How many were seen, in the unit of the reason; `undefined` where it is not a matter of counts. */
  readonly count: number | undefined;
  readonly limit: number | undefined;
  /** Tools and agents that it is about. */
  readonly names: readonly string[];
}

/** A call was not made, as its run shows a failure mode that `failureModes` was told to stop. It holds until that run ends. */
export class FailureModeError extends AgentError implements FailureModeFacts {
  readonly code = "failure_mode";
  readonly mode: string;
  readonly reason: string;
  readonly agent: string;
  readonly count: number | undefined;
  readonly limit: number | undefined;
  readonly names: readonly string[];

  constructor({ mode, reason, agent, count, limit, names }: FailureModeFacts) {
    const about = names.length === 0 ? "" : `, ${names.join(", ")}`;
    const times =
      count === undefined ? "" : `: ${count}${limit === undefined ? "" : ` at a limit of ${limit}`}`;
    super(
      `the run of agent "${agent}" was stopped: ${mode} (${reason}${about})${times}; the run ends with this`,
    );
    this.mode = mode;
    this.reason = reason;
    this.agent = agent;
    this.count = count;
    this.limit = limit;
    this.names = names;
  }
}
