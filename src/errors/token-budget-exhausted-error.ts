import { AgentError } from "./agent-error.ts";

/** What a token budget had left when it refused, in tokens. */
export interface TokenBudgetFacts {
  readonly agent: string;
  readonly asked: number;
  /** The least that the caller would have taken. */
  readonly min: number;
  /** What could have been granted: less than `min`. */
  readonly available: number;
  readonly total: number;
  readonly used: number;
  /** Held by leases that are open. */
  readonly granted: number;
}

/** Nothing was granted, and nothing was changed: the agent, those it may take from, and what is nobody's have not enough left. */
export class TokenBudgetExhaustedError extends AgentError {
  readonly code = "token_budget_exhausted";
  readonly budget: string;
  readonly agent: string;
  readonly asked: number;
  readonly min: number;
  readonly available: number;
  readonly total: number;
  readonly used: number;
  readonly granted: number;

  constructor(budget: string, facts: TokenBudgetFacts) {
    const { agent, asked, min, available, total, used, granted } = facts;
    super(
      `token budget "${budget}" has ${available} tokens left for "${agent}", which asked for ${asked} and at least ${min} ` +
        `(${used} used and ${granted} granted of ${total})`,
    );
    this.budget = budget;
    this.agent = agent;
    this.asked = asked;
    this.min = min;
    this.available = available;
    this.total = total;
    this.used = used;
    this.granted = granted;
  }
}
