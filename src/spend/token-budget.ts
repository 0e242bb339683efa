import { isAgentError } from "../errors/agent-error.ts";
import type { TokenBudgetExhaustedError } from "../errors/token-budget-exhausted-error.ts";
import { checkWhole } from "../internal/check-number.ts";
import { safely } from "../internal/warn-once.ts";
import { AgentAccount, type AgentOptions } from "./token-budget/agent-account.ts";
import { Grants } from "./token-budget/grants.ts";
import { tokensRefused } from "./token-budget/token-budget-events.ts";
import { type TokenBudgetMetrics, tokenBudgetMetrics } from "./token-budget/token-budget-metrics.ts";
import {
  checkAgent,
  type TokenBudgetOptions,
  tokenBudgetSettings,
} from "./token-budget/token-budget-options.ts";
import type { TokenLease } from "./token-budget/token-lease.ts";
import { TokenQueue, type TokenWaitOptions } from "./token-budget/token-queue.ts";
import {
  type AgentTokenReport,
  agentReport,
  budgetReport,
  type TokenBudgetReport,
} from "./token-budget/usage-report.ts";

export type { AgentOptions } from "./token-budget/agent-account.ts";
export type { TokenBudgetOptions } from "./token-budget/token-budget-options.ts";
export type { TokenLease } from "./token-budget/token-lease.ts";
export type { TokenWaitOptions } from "./token-budget/token-queue.ts";
export type { AgentTokenReport, TokenBudgetReport } from "./token-budget/usage-report.ts";

export interface TokenRequestOptions {
  /** The least that is of use; with less than that nothing is granted. @default 1 */
  readonly min?: number;
}

/**
 * Tokens that a team of agents shares: each has a share, and may take from those that are idle when its own is used up. What is used and
 * granted never comes to more than the total, unless callers report more than they were granted when nothing is left; that is then
 * told as `overrun`, and nothing more is granted.
 */
export class TokenBudget {
  readonly name: string;
  readonly total: number;
  readonly #grants: Grants;
  readonly #queue: TokenQueue;
  readonly #metrics: TokenBudgetMetrics;
  readonly #facts: { readonly name: string; readonly pool: Grants["pool"] };
  readonly #leave: () => void;

  /** @throws RangeError or TypeError that names the option, what it allows and the value. */
  constructor(options: TokenBudgetOptions) {
    const settings = tokenBudgetSettings(options);
    this.name = settings.name;
    this.total = settings.total;
    this.#grants = new Grants(settings, () => this.#queue.serve());
    this.#queue = new TokenQueue(settings, this.#grants);
    this.#metrics = tokenBudgetMetrics(settings.metrics);
    this.#facts = { name: this.name, pool: this.#grants.pool };
    this.#leave = this.#metrics.add(this.#facts);
  }

  /**
   * Adds an agent. Shares are made anew: those that were given stay, the rest is split by priority, and what an agent has used or holds
   * it keeps. So register all of them before the first request.
   *
   * @throws TypeError on a name that is taken; RangeError or TypeError on a bad option, or when shares come to more than 1.
   */
  register(agent: string, options: AgentOptions = {}): AgentTokenReport {
    checkAgent(agent, options, this.#grants.pool.accounts);
    const account = new AgentAccount(agent, options, this.#grants.now());
    this.#grants.pool.add(account);
    this.#queue.serve();
    return agentReport(account);
  }

  /**
   * Asks for tokens: from the agent's own share, then from what is in nobody's, from the reserve where it may, and then from the others,
   * the longest idle first, at most half of what each has left. Where that is not enough, it gets what there is.
   *
   * @throws TokenBudgetExhaustedError where that is less than `min`; then nothing has changed.
   * @throws TokenBudgetUnknownAgentError; RangeError unless `tokens` and `min` are whole numbers, 1 <= min <= tokens.
   */
  request(agent: string, tokens: number, { min = 1 }: TokenRequestOptions = {}): TokenLease {
    checkWhole("tokenBudget: tokens", tokens, 1);
    checkWhole("tokenBudget: min", min, 1, tokens);
    const account = this.#grants.account(agent);
    const granted = this.#grants.grant(account, tokens, min);
    if (typeof granted !== "number") {
      if (granted.partial) this.#count(agent);
      return granted;
    }
    this.#count(agent);
    const refusal = this.#grants.refusal(agent, tokens, min, granted);
    tokensRefused(refusal);
    throw refusal;
  }

  /**
   * As `request`, but waits for tokens to come back: first come, first served among those who wait.
   *
   * @throws TokenBudgetExhaustedError when the time is over, and at once where all leases together would not be enough, or 1,000 wait;
   *   the reason of the signal when it is aborted; and as `request`.
   */
  async acquire(agent: string, tokens: number, options: TokenWaitOptions = {}): Promise<TokenLease> {
    try {
      return await this.#queue.acquire(agent, tokens, options);
    } catch (error) {
      if (isExhausted(error)) {
        this.#count(agent);
        tokensRefused(error);
      }
      throw error;
    }
  }

  /**
   * Asks for tokens, calls `fn` with the lease, and gives back what it has not reported as used, however it ends.
   *
   * @throws as `request`, and what `fn` throws.
   */
  async use<T>(
    agent: string,
    tokens: number,
    fn: (lease: TokenLease) => T | Promise<T>,
    options?: TokenRequestOptions,
  ): Promise<T> {
    const lease = this.request(agent, tokens, options);
    try {
      return await fn(lease);
    } finally {
      lease.release();
    }
  }

  /**
   * Says that an agent used so many tokens, where the lease is not at hand: they count to its open leases, the oldest first, and beyond
   * them to its share, and beyond that to what all have left.
   *
   * @throws TokenBudgetUnknownAgentError; RangeError unless `tokens` is a whole number >= 0.
   */
  report(agent: string, tokens: number): void {
    checkWhole("tokenBudget: tokens", tokens, 0);
    this.#grants.report(this.#grants.account(agent), tokens);
  }

  /** Tokens that `request` would grant now at most, without asking for them. @throws TokenBudgetUnknownAgentError */
  available(agent: string): number {
    return this.#grants.available(this.#grants.account(agent), this.total);
  }

  /**
   * What to ask for, for a call that is thought to need so many tokens: 95 of the agent's last 100 calls stayed within it, by what was
   * reported on their leases against what was asked for them. The same number where nothing was reported yet.
   *
   * @throws TokenBudgetUnknownAgentError; RangeError unless `tokens` is a whole number >= 1.
   */
  estimate(agent: string, tokens: number): number {
    checkWhole("tokenBudget: tokens", tokens, 1);
    const { factor } = this.#grants.account(agent).estimates;
    return Math.min(this.total, Math.max(1, Math.ceil(tokens * factor)));
  }

  usage(): TokenBudgetReport {
    this.#grants.now();
    return budgetReport(this.name, this.#grants.pool, this.#grants.leases.expired);
  }

  /** Takes it out of the metrics. It goes on working, and may be closed twice. */
  close(): void {
    this.#leave();
  }

  #count(agent: string): void {
    safely("counting a request for tokens", () => this.#metrics.rejected(this.name, agent));
  }
}

function isExhausted(error: unknown): error is TokenBudgetExhaustedError {
  return isAgentError(error) && error.code === "token_budget_exhausted";
}

/** @throws RangeError or TypeError that names the option, what it allows and the value. */
export function tokenBudget(options: TokenBudgetOptions): TokenBudget {
  return new TokenBudget(options);
}
