import { AgentError } from "./agent-error.ts";

/** A file of recorded answers that is not there, is damaged, or could not be completed. */
export class RecordingUnusableError extends AgentError {
  readonly code = "recording_unusable";
  readonly file: string;

  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(`recordProvider: ${file} ${problem}`, options);
    this.file = file;
  }
}
