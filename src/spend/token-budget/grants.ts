import { TokenBudgetExhaustedError } from "../../errors/token-budget-exhausted-error.ts";
import { TokenBudgetUnknownAgentError } from "../../errors/token-budget-unknown-agent-error.ts";
import { checkWhole } from "../../internal/check-number.ts";
import type { AgentAccount } from "./agent-account.ts";
import { LeaseBook } from "./lease-book.ts";
import type { OpenLease } from "./open-lease.ts";
import type { TokenBudgetSettings } from "./token-budget-options.ts";
import type { TokenLease } from "./token-lease.ts";
import { TokenPool } from "./token-pool.ts";

/** Grants tokens, and takes note of what becomes of them. What has expired is back before anything else is done. */
export class Grants {
  readonly pool: TokenPool;
  readonly leases: LeaseBook;
  readonly #settings: TokenBudgetSettings;
  readonly #onReturn: () => void;

  /** @param onReturn Called when tokens may have come back. */
  constructor(settings: TokenBudgetSettings, onReturn: () => void) {
    this.pool = new TokenPool(settings.total, settings.reserved);
    this.leases = new LeaseBook(this.pool, settings.leaseMs);
    this.#settings = settings;
    this.#onReturn = onReturn;
  }

  /** @throws TokenBudgetUnknownAgentError */
  account(agent: string): AgentAccount {
    const account = this.pool.accounts.get(agent);
    if (account !== undefined) return account;
    throw new TokenBudgetUnknownAgentError(this.#settings.name, agent, [...this.pool.accounts.keys()]);
  }

  /** Whole monotonic milliseconds, once what has expired by then is back. */
  now(): number {
    const nowMs = Math.floor(this.#settings.clock.monotonic());
    if (this.leases.expire(nowMs)) this.#onReturn();
    return nowMs;
  }

  /** Tokens that would be granted now. */
  available(account: AgentAccount, tokens: number): number {
    return this.pool.plan(account, tokens, this.now() - this.#settings.idleAfterMs).tokens;
  }

  /**
   * The time is read once, before all else: what expires in between would go to those who wait, and be granted twice.
   *
   * @returns The lease, or, where it would be less than `min`, how much there is.
   */
  grant(account: AgentAccount, asked: number, min: number): TokenLease | number {
    const nowMs = this.now();
    const plan = this.pool.plan(account, asked, nowMs - this.#settings.idleAfterMs);
    if (plan.tokens < min) return plan.tokens;
    this.pool.grant(account, plan);
    account.lastActiveMs = nowMs;
    return this.#lease(this.leases.open(account, asked, plan, nowMs), plan.tokens);
  }

  /** Tokens that an agent used: of its open leases, the oldest first, and of its share. */
  report(account: AgentAccount, tokens: number): void {
    const nowMs = this.now();
    let left = tokens;
    for (const lease of [...account.leases]) {
      if (left === 0) break;
      left = this.leases.spend(lease, left, nowMs);
    }
    this.#beyond(account, left, nowMs);
  }

  refusal(agent: string, asked: number, min: number, available: number): TokenBudgetExhaustedError {
    const { total, used, granted } = this.pool;
    const facts = { agent, asked, min, available, total, used, granted };
    return new TokenBudgetExhaustedError(this.#settings.name, facts);
  }

  #beyond(account: AgentAccount, tokens: number, nowMs: number): void {
    this.pool.overspend(account, tokens);
    account.lastActiveMs = nowMs;
  }

  #lease(open: OpenLease, granted: number): TokenLease {
    const grants = this;
    const { account, asked } = open;
    return {
      agent: account.agent,
      asked,
      granted,
      partial: granted < asked,
      get remaining() {
        grants.now();
        return open.left;
      },
      get isOpen() {
        grants.now();
        return grants.leases.isOpen(open);
      },
      report: (tokens) => this.#reportLease(open, tokens),
      release: () => this.#release(open),
    };
  }

  #reportLease(open: OpenLease, tokens: number): void {
    checkWhole("tokenBudget: tokens", tokens, 0);
    const nowMs = this.now();
    const beyond = this.leases.spend(open, tokens, nowMs);
    open.used += beyond;
    this.#beyond(open.account, beyond, nowMs);
  }

  #release(open: OpenLease): void {
    const nowMs = this.now();
    if (!this.leases.close(open)) return;
    open.account.lastActiveMs = nowMs;
    this.#onReturn();
  }
}
