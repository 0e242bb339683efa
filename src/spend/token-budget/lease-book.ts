import type { AgentAccount } from "./agent-account.ts";
import { OpenLease } from "./open-lease.ts";
import type { GrantPlan, TokenPool } from "./token-pool.ts";

/** The leases that are open, and how they end: released, or expired. */
export class LeaseBook {
  readonly #pool: TokenPool;
  readonly #leaseMs: number;
  /** All last equally long, so the first to be opened or reported on is the first to expire. */
  readonly #open = new Set<OpenLease>();
  #expired = 0;

  constructor(pool: TokenPool, leaseMs: number) {
    this.#pool = pool;
    this.#leaseMs = leaseMs;
  }

  /** Leases that have expired so far. */
  get expired(): number {
    return this.#expired;
  }

  /** When the next one expires, monotonic milliseconds. */
  get nextExpiryMs(): number | undefined {
    const [oldest] = this.#open;
    return oldest?.expiresMs;
  }

  /** @param asked What the plan was made for. */
  open(account: AgentAccount, asked: number, { tokens, fromReserve }: GrantPlan, nowMs: number): OpenLease {
    const lease = new OpenLease(account, asked, tokens, fromReserve, nowMs + this.#leaseMs);
    account.leases.add(lease);
    this.#open.add(lease);
    return lease;
  }

  isOpen(lease: OpenLease): boolean {
    return this.#open.has(lease);
  }

  /** @returns What it did not cover: all of it once the lease has ended. */
  spend(lease: OpenLease, tokens: number, nowMs: number): number {
    if (!this.#open.delete(lease)) return tokens;
    lease.expiresMs = nowMs + this.#leaseMs;
    this.#open.add(lease);
    const covered = Math.min(tokens, lease.left);
    lease.left -= covered;
    lease.used += covered;
    this.#pool.spend(lease.account, covered);
    return tokens - covered;
  }

  /** @returns Whether it was open. */
  close(lease: OpenLease): boolean {
    if (!this.#open.delete(lease)) return false;
    lease.account.leases.delete(lease);
    // A lease on which nobody reported says nothing about what its call needed.
    if (lease.used > 0) lease.account.estimates.add(lease.asked, lease.used);
    this.#pool.giveBack(lease.account, lease.left, Math.min(lease.left, lease.fromReserve));
    lease.left = 0;
    return true;
  }

  /** @returns Whether there were any. */
  expire(nowMs: number): boolean {
    const before = this.#expired;
    for (const lease of this.#open) {
      if (lease.expiresMs > nowMs) break;
      this.close(lease);
      this.#expired += 1;
    }
    return this.#expired > before;
  }
}
