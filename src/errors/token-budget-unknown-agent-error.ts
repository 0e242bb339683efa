import { AgentError } from "./agent-error.ts";

const MOST_NAMED = 10;

/** An agent asked a token budget at which it is not registered. */
export class TokenBudgetUnknownAgentError extends AgentError {
  readonly code = "token_budget_unknown_agent";
  readonly budget: string;
  readonly agent: string;
  /** Those that are registered. */
  readonly known: readonly string[];

  constructor(budget: string, agent: string, known: readonly string[]) {
    const named = known.slice(0, MOST_NAMED).join(", ");
    const more = known.length > MOST_NAMED ? ` and ${known.length - MOST_NAMED} more` : "";
    const registered = known.length === 0 ? "no agent is" : `registered are ${named}${more}`;
    super(`token budget "${budget}": agent ${JSON.stringify(agent)} is not registered, ${registered}`);
    this.budget = budget;
    this.agent = agent;
    this.known = known;
  }
}
