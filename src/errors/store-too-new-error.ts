import { AgentError } from "./agent-error.ts";

/** A newer version of this package has written the file of a store. It was left as it is. */
export class StoreTooNewError extends AgentError {
  readonly code = "store_too_new";
  readonly path: string;
  /** Schema version of the file. */
  readonly foundVersion: number;
  /** Newest schema version that this package knows. */
  readonly knownVersion: number;

  constructor(path: string, foundVersion: number, knownVersion: number) {
    super(
      `Store ${JSON.stringify(path)} has schema version ${foundVersion}, and this agent-otel knows versions up to ` +
        `${knownVersion}: update agent-otel, or name another file`,
    );
    this.path = path;
    this.foundVersion = foundVersion;
    this.knownVersion = knownVersion;
  }
}
