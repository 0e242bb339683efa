import { AgentError } from "./agent-error.ts";

/** Somebody else had the lock all the time. */
export class LockTimeoutError extends AgentError {
  readonly code = "lock_timeout";
  /** Name of the shared state. */
  readonly state: string;
  readonly key: string;
  /** The agent that has it, as far as that is known. */
  readonly holder: string | undefined;
  /** For how many milliseconds he has it, unless he gives it back or asks for more; `undefined` where that is not known. */
  readonly heldForMs: number | undefined;
  readonly waitedMs: number;

  constructor(facts: Pick<LockTimeoutError, "state" | "key" | "holder" | "heldForMs" | "waitedMs">) {
    const { state, key, holder, heldForMs, waitedMs } = facts;
    const rest = heldForMs === undefined ? "" : ` for another ${Math.round(heldForMs)} ms`;
    const by = holder === undefined ? "others wait for it" : `${JSON.stringify(holder)} has it${rest}`;
    super(`no lock of ${JSON.stringify(key)} in the shared state "${state}" within ${waitedMs} ms: ${by}`);
    this.state = state;
    this.key = key;
    this.holder = holder;
    this.heldForMs = heldForMs;
    this.waitedMs = waitedMs;
  }
}
