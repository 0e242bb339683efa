import { AgentError } from "./agent-error.ts";

/** Another process is writing to the file of a store that one process has to itself. It was left as it is. */
export class StoreInUseError extends AgentError {
  readonly code = "store_in_use";
  readonly path: string;
  /** Of the other process. */
  readonly pid: number;
  /** When it began, milliseconds since the epoch. */
  readonly sinceMs: number;

  constructor(path: string, pid: number, sinceMs: number) {
    super(
      `Store ${JSON.stringify(path)} is in use by process ${pid} since ${new Date(sinceMs).toISOString()}: stop it, or name another file`,
    );
    this.path = path;
    this.pid = pid;
    this.sinceMs = sinceMs;
  }
}
