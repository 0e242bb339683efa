import { AgentError } from "./agent-error.ts";

/** So many dead letters are unresolved that no more are taken. The task was not put in: whoever gave it up still has it. */
export class DeadLettersFullError extends AgentError {
  readonly code = "dead_letters_full";
  readonly queue: string;
  readonly maxLetters: number;

  constructor(queue: string, maxLetters: number) {
    super(
      `the dead letter queue "${queue}" has ${maxLetters} unresolved letters, which is its maxLetters: replay or resolve some`,
    );
    this.queue = queue;
    this.maxLetters = maxLetters;
  }
}
