/** Ways in which runs of agents fail that show in the structure of their calls. */
export type FailureMode =
  | "step_repetition"
  | "loop"
  | "ping_pong"
  | "unaware_of_termination"
  | "premature_termination"
  | "missing_verification"
  | "unknown_tool"
  | "shrinking_history"
  | "worker_without_timeout";

/** What a finding does: nothing but being recorded; also a warning, once for each mode and agent; also the end of the run. */
export type FailureAction = "none" | "warn" | "abort";

/** The rule that found it. */
export type FailureReason =
  | "same_arguments"
  | "same_arguments_failing"
  | "same_arguments_in_a_turn"
  | "repeated_sequence"
  | "back_and_forth"
  | "past_goal"
  | "iteration_cap"
  | "required_not_run"
  | "open_children"
  | "cut_answer"
  | "not_verified"
  | "not_given"
  | "does_not_exist"
  | "fewer_input_tokens"
  | "no_deadline"
  | "deadline_passed";

/** The mode of MAST (arXiv 2503.13657) that each is, or is a sign of. The last one is not in MAST. */
export const MAST_OF: Readonly<Record<FailureMode, string | undefined>> = {
  step_repetition: "FM-1.3",
  loop: "FM-1.3",
  ping_pong: "FM-1.3",
  unaware_of_termination: "FM-1.5",
  premature_termination: "FM-3.1",
  missing_verification: "FM-3.2",
  unknown_tool: "FM-1.2",
  shrinking_history: "FM-1.4",
  worker_without_timeout: undefined,
};

export const FAILURE_MODES = Object.keys(MAST_OF) as readonly FailureMode[];

/** What a detector says, once it is sure. */
export interface Evidence {
  readonly reason: FailureReason;
  /** How many were seen, in the unit of the reason: calls, tokens, milliseconds. */
  readonly count?: number;
  readonly limit?: number;
  /** Of tools, agents and workflows, the first 16. */
  readonly names?: readonly string[];
  /** Of the spans that show it, the newest 16; empty without an SDK. */
  readonly spanIds?: readonly string[];
}

/** One failure mode of one agent in one run. Names, ids and counts, never text of prompts or arguments. */
export interface Finding {
  readonly mode: FailureMode;
  readonly mast: string | undefined;
  /** The agent, or the workflow where no agent is at work. */
  readonly agent: string;
  /** What was done. A run that is over cannot be aborted: then it is `warn`. */
  readonly action: FailureAction;
  readonly reason: FailureReason;
  readonly count: number | undefined;
  readonly limit: number | undefined;
  readonly names: readonly string[];
  readonly spanIds: readonly string[];
  /** Absent without an SDK. */
  readonly traceId: string | undefined;
  /** The span that has the event: of the agent or workflow. */
  readonly spanId: string | undefined;
  /** Wall clock, milliseconds since the epoch. */
  readonly timeMs: number;
}
