import { AgentError } from "./agent-error.ts";

/** What was asked, and what in the file comes closest. */
export interface NotRecordedFacts {
  readonly file: string;
  readonly method: string;
  readonly path: string;
  readonly model: string | undefined;
  /** Where the nearest recorded request is different; empty when nothing was recorded for this path. */
  readonly differences: readonly string[];
}

/** A request that is not in the recording: nothing was sent anywhere. */
export class NotRecordedError extends AgentError {
  readonly code = "not_recorded";
  readonly file: string;
  readonly method: string;
  readonly path: string;
  readonly model: string | undefined;
  readonly differences: readonly string[];

  constructor(message: string, { file, method, path, model, differences }: NotRecordedFacts) {
    super(message);
    this.file = file;
    this.method = method;
    this.path = path;
    this.model = model;
    this.differences = differences;
  }
}
