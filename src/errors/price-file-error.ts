import { AgentError } from "./agent-error.ts";

/** The file with the user's own prices cannot be used. Nothing of it was taken over. */
export class PriceFileError extends AgentError {
  readonly code = "price_file";
  /** The path as it was given. */
  readonly file: string;

  /** @param cause Names the model, field and value at fault, or is the file system's own error. */
  constructor(file: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`Price file ${reason.startsWith(file) ? reason : `${file}: ${reason}`}`, { cause });
    this.file = file;
  }
}
