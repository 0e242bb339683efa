import { checkWhole } from "../../internal/check-number.ts";
import type { AgentAccount } from "./agent-account.ts";
import type { Grants } from "./grants.ts";
import type { TokenBudgetSettings } from "./token-budget-options.ts";
import type { TokenLease } from "./token-lease.ts";
import { WaitingLine } from "./waiting-line.ts";

export interface TokenWaitOptions {
  /** The least that is of use: with so much the wait is over. @default all that is asked for */
  readonly min?: number;
  /** Milliseconds to wait at most. @default 30_000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const MAX_WAITING = 1_000;
const MAX_MS = 2_147_483_647;

/** Those who wait for tokens to come back. */
export class TokenQueue {
  readonly #settings: TokenBudgetSettings;
  readonly #grants: Grants;
  readonly #line: WaitingLine<TokenLease>;
  #serving = false;
  #cancel: (() => void) | undefined;

  constructor(settings: TokenBudgetSettings, grants: Grants) {
    this.#settings = settings;
    this.#grants = grants;
    this.#line = new WaitingLine(settings.after);
  }

  /** @throws as `TokenBudget.acquire`. */
  async acquire(
    agent: string,
    tokens: number,
    { min = tokens, timeoutMs = 30_000, signal }: TokenWaitOptions,
  ): Promise<TokenLease> {
    checkWhole("tokenBudget: tokens", tokens, 1);
    checkWhole("tokenBudget: min", min, 1, tokens);
    checkWhole("tokenBudget: timeoutMs", timeoutMs, 0, MAX_MS);
    signal?.throwIfAborted();
    const account = this.#grants.account(agent);
    const attempt = (): TokenLease | undefined => this.#attempt(account, tokens, min);
    const first = this.#line.size === 0 ? attempt() : undefined;
    if (first !== undefined) return first;
    const tooLate = () => this.#refusal(account, tokens, min);
    if (this.#isHopeless(account, min) || this.#line.size >= MAX_WAITING) throw tooLate();
    const lease = this.#line.wait({ attempt, tooLate }, timeoutMs, signal);
    this.#wakeLater();
    return lease;
  }

  /** Tokens may have come back. */
  serve(): void {
    // What is granted here reads the time, which may bring more back.
    if (this.#serving) return;
    this.#serving = true;
    try {
      this.#line.serve();
    } finally {
      this.#serving = false;
    }
    if (this.#line.size === 0) this.#sleep();
  }

  #attempt(account: AgentAccount, tokens: number, min: number): TokenLease | undefined {
    const granted = this.#grants.grant(account, tokens, min);
    return typeof granted === "number" ? undefined : granted;
  }

  #refusal(account: AgentAccount, tokens: number, min: number): Error {
    return this.#grants.refusal(account.agent, tokens, min, this.#grants.available(account, tokens));
  }

  /** Whether it would not be granted if all leases came back at once. */
  #isHopeless(account: AgentAccount, min: number): boolean {
    const { total, used, reserve } = this.#grants.pool;
    return min > total - used - (account.usesReserve ? 0 : reserve);
  }

  /** Nobody calls when a lease expires, or a donor has been idle long enough. */
  #wakeLater(): void {
    if (this.#cancel !== undefined || this.#line.size === 0) return;
    const { after, clock, idleAfterMs } = this.#settings;
    const expiryMs = this.#grants.leases.nextExpiryMs;
    const inMs = Math.min(
      MAX_MS,
      expiryMs === undefined ? MAX_MS : Math.max(1, expiryMs - clock.monotonic()),
      idleAfterMs > 0 ? idleAfterMs : MAX_MS,
    );
    this.#cancel = after(
      Math.ceil(inMs),
      () => {
        this.#cancel = undefined;
        this.#grants.now();
        this.serve();
        this.#wakeLater();
      },
      false,
    );
  }

  #sleep(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
