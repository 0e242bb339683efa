import { Estimates } from "./estimates.ts";
import type { OpenLease } from "./open-lease.ts";

export interface AgentOptions {
  /** Its part of what is shared, in proportion to that of the others; lower ones are taken from first. 0.001 to 1,000. @default 1 */
  readonly priority?: number;
  /** A fixed part of what is not reserved, 0 to 1, instead of one by priority. */
  readonly share?: number;
  /** Whether it may also use what is reserved: for the one who checks or ends the work. @default false */
  readonly usesReserve?: boolean;
}

/** The tokens of one agent. All numbers are whole. */
export class AgentAccount {
  readonly agent: string;
  readonly priority: number;
  readonly share: number | undefined;
  readonly usesReserve: boolean;
  allocated = 0;
  /** Reported as used. */
  used = 0;
  /** Held by its open leases. */
  granted = 0;
  /** Monotonic, whole milliseconds, so that those who were active together tie. */
  lastActiveMs: number;
  /** The oldest first. */
  readonly leases = new Set<OpenLease>();
  readonly estimates = new Estimates();

  constructor(agent: string, { priority = 1, share, usesReserve = false }: AgentOptions, nowMs: number) {
    this.agent = agent;
    this.priority = priority;
    this.share = share;
    this.usesReserve = usesReserve;
    this.lastActiveMs = nowMs;
  }

  get committed(): number {
    return this.used + this.granted;
  }

  /** Neither used nor granted. Never below 0 between two operations. */
  get rest(): number {
    return this.allocated - this.committed;
  }
}
