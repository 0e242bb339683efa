import type { AgentAccount } from "./agent-account.ts";
import { apportion } from "./apportion.ts";
import { fairShares } from "./fair-shares.ts";
import { type Take, takesFor } from "./takes.ts";

/** What a request may get, and from where. Nothing has been changed yet. */
export interface GrantPlan {
  readonly tokens: number;
  readonly fromFree: number;
  readonly fromReserve: number;
  readonly takes: readonly Take[];
}

/**
 * Moves tokens between the agents, what is nobody's, and the reserve. What holds after each operation:
 *
 *     sum of allocated + free + reserve = total + overrun
 *     no agent's rest is below 0, and where there is an overrun nothing is left anywhere
 *
 * so without an overrun never more than the total is used and granted. An overrun is what callers have reported as used although
 * nothing was left, and nobody can refuse any more.
 */
export class TokenPool {
  readonly total: number;
  readonly #sharedTotal: number;
  readonly #accounts = new Map<string, AgentAccount>();
  #free: number;
  #reserve: number;
  #overrun = 0;

  constructor(total: number, reserve: number) {
    this.total = total;
    this.#sharedTotal = total - reserve;
    this.#free = this.#sharedTotal;
    this.#reserve = reserve;
  }

  get accounts(): ReadonlyMap<string, AgentAccount> {
    return this.#accounts;
  }

  /** In nobody's share. */
  get free(): number {
    return this.#free;
  }

  get reserve(): number {
    return this.#reserve;
  }

  get overrun(): number {
    return this.#overrun;
  }

  get used(): number {
    return sum([...this.#accounts.values()].map(({ used }) => used));
  }

  get granted(): number {
    return sum([...this.#accounts.values()].map(({ granted }) => granted));
  }

  /** Adds an agent and gives everyone a share anew; what is used or granted already stays. */
  add(account: AgentAccount): void {
    this.#accounts.set(account.agent, account);
    const accounts = [...this.#accounts.values()];
    const shared = this.#free + sum(accounts.map(({ allocated }) => allocated));
    const spare = Math.max(0, shared - sum(accounts.map(({ committed }) => committed)));
    const left = spare - this.#giveFixed(accounts, spare);
    this.#free = left - this.#giveByPriority(accounts, left);
  }

  plan(account: AgentAccount, wanted: number, idleSinceMs: number): GrantPlan {
    const own = Math.min(account.rest, wanted);
    const fromFree = Math.min(this.#free, wanted - own);
    let missing = wanted - own - fromFree;
    const fromReserve = account.usesReserve ? Math.min(this.#reserve, missing) : 0;
    missing -= fromReserve;
    const takes = missing === 0 ? [] : takesFor(this.#accounts.values(), account, missing, idleSinceMs);
    const taken = sum(takes.map(({ tokens }) => tokens));
    return { tokens: wanted - missing + taken, fromFree, fromReserve, takes };
  }

  grant(account: AgentAccount, plan: GrantPlan): void {
    this.#free -= plan.fromFree;
    this.#reserve -= plan.fromReserve;
    account.allocated += plan.fromFree + plan.fromReserve;
    for (const { donor, tokens } of plan.takes) {
      donor.allocated -= tokens;
      account.allocated += tokens;
    }
    account.granted += plan.tokens;
  }

  /** Tokens of a grant that were used. */
  spend(account: AgentAccount, tokens: number): void {
    account.granted -= tokens;
    account.used += tokens;
  }

  /** Tokens of a grant that were not used. @param toReserve So many of them came from the reserve. */
  giveBack(account: AgentAccount, tokens: number, toReserve: number): void {
    account.granted -= tokens;
    const paid = Math.min(tokens, this.#overrun);
    const reserved = Math.min(tokens - paid, toReserve);
    this.#overrun -= paid;
    this.#reserve += reserved;
    account.allocated -= paid + reserved;
  }

  /**
   * Tokens that were used beyond any grant: from the agent's own rest; then from what is nobody's, from the others' rest in proportion
   * to it, and last from the reserve.
   */
  overspend(account: AgentAccount, tokens: number): void {
    account.used += tokens;
    const debt = Math.max(0, -account.rest);
    if (debt === 0) return;
    account.allocated += debt;
    let owed = debt - this.#payFromFree(debt);
    owed -= this.#payFromOthers(owed);
    const fromReserve = Math.min(this.#reserve, owed);
    this.#reserve -= fromReserve;
    this.#overrun += owed - fromReserve;
  }

  /** All of them cut in proportion where there is not enough any more. @returns What it gave. */
  #giveFixed(accounts: readonly AgentAccount[], spare: number): number {
    const fixed = accounts.filter(({ share }) => share !== undefined);
    for (const account of fixed) account.allocated = account.committed;
    const wants = fixed.map(({ share, committed }) =>
      Math.max(0, Math.floor((share ?? 0) * this.#sharedTotal) - committed),
    );
    const wanted = sum(wants);
    if (wanted === 0) return 0;
    const parts = wanted <= spare ? wants : apportion(spare, wants);
    for (const [i, account] of fixed.entries()) account.allocated += parts[i]!;
    return Math.min(wanted, spare);
  }

  #giveByPriority(accounts: readonly AgentAccount[], spare: number): number {
    const sharing = accounts.filter(({ share }) => share === undefined);
    if (sharing.length === 0) return 0;
    const claims = sharing.map(({ priority, committed }) => ({ weight: priority, floor: committed }));
    const shares = fairShares(spare + sum(claims.map(({ floor }) => floor)), claims);
    for (const [i, account] of sharing.entries()) account.allocated = shares[i]!;
    return spare;
  }

  #payFromFree(debt: number): number {
    const paid = Math.min(this.#free, debt);
    this.#free -= paid;
    return paid;
  }

  #payFromOthers(debt: number): number {
    const others = [...this.#accounts.values()].filter(({ rest }) => rest > 0);
    const paid = Math.min(debt, sum(others.map(({ rest }) => rest)));
    if (paid === 0) return 0;
    const parts = apportion(
      paid,
      others.map(({ rest }) => rest),
    );
    for (const [i, account] of others.entries()) account.allocated -= parts[i]!;
    return paid;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
