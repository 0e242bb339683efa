import { AgentError } from "../../../errors/agent-error.ts";

/**
 * The spool directory cannot be used as things are now: permission, a read-only or a full file system. No mistake of
 * configuration, which is a TypeError: whoever gets this one may go on in memory.
 */
export class SpoolUnusableError extends AgentError {
  readonly code = "spool_unusable";
  /** The directory as it was given. */
  readonly directory: string;

  constructor(directory: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`durableSpanExporter: directory ${JSON.stringify(directory)} cannot be used: ${reason}`, { cause });
    this.directory = directory;
  }
}
