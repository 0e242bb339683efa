import type { AgentAccount } from "./agent-account.ts";

/** What one grant has left. */
export class OpenLease {
  readonly account: AgentAccount;
  readonly asked: number;
  /** Not yet reported as used. */
  left: number;
  /** Reported, also beyond the grant. */
  used = 0;
  /** So much of it came from the reserve, and goes back there where it is not used. */
  readonly fromReserve: number;
  /** Monotonic milliseconds. */
  expiresMs: number;

  constructor(account: AgentAccount, asked: number, granted: number, fromReserve: number, expiresMs: number) {
    this.account = account;
    this.asked = asked;
    this.left = granted;
    this.fromReserve = fromReserve;
    this.expiresMs = expiresMs;
  }
}
