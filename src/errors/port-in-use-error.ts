import { AgentError } from "./agent-error.ts";

/** Somebody else listens where a server was to listen. */
export class PortInUseError extends AgentError {
  readonly code = "port_in_use";
  readonly port: number;

  /** @param option Which chooses another, as `--port`. */
  constructor(port: number, option: string) {
    super(`port ${port} of 127.0.0.1 is in use; stop who uses it, or choose another with ${option}`);
    this.port = port;
  }
}
