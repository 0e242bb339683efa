import { checkWhole } from "../../internal/check-number.ts";
import { agentAtWork } from "./agent-at-work.ts";
import { checkLease } from "./holding.ts";

const LEASE_MS = 30_000;
const WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 86_400_000;

export interface StateLockOptions {
  /** Who may have it more than once at the same time. @default the call of an agent that is at work; outside of agents nobody */
  readonly agent?: string;
  /** After so many milliseconds without `extend` others may take it, 1 to 86,400,000. @default 30_000 */
  readonly leaseMs?: number;
  /** How long to wait while somebody else has it, milliseconds, 0 to 86,400,000. @default 5_000 */
  readonly waitMs?: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

/** The options, checked, with their defaults. */
export interface LockRequest {
  readonly agent: string | undefined;
  readonly leaseMs: number;
  readonly waitMs: number;
  readonly signal: AbortSignal | undefined;
}

/** @throws TypeError or RangeError that names the option, what it allows and the value. */
export function lockRequest(options: StateLockOptions): LockRequest {
  const { agent, leaseMs = LEASE_MS, waitMs = WAIT_MS, signal } = options;
  agentAtWork(agent);
  return {
    agent,
    leaseMs: checkLease("lock", leaseMs),
    waitMs: checkWhole("sharedState: lock: waitMs", waitMs, 0, LONGEST_WAIT_MS),
    signal,
  };
}
