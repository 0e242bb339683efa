import type { AgentAccount } from "./agent-account.ts";
import type { TokenPool } from "./token-pool.ts";

/** Tokens of one agent. */
export interface AgentTokenReport {
  readonly agent: string;
  readonly priority: number;
  /** Its share of now: what it took from others is in it, what others took is not. */
  readonly allocated: number;
  /** Reported as used. */
  readonly used: number;
  /** Held by its open leases. */
  readonly granted: number;
  /** Allocated, and neither used nor granted. */
  readonly remaining: number;
  /** Used and granted over allocated: 0 to 1. */
  readonly utilization: number;
}

export interface TokenBudgetReport {
  readonly name: string;
  readonly totalBudget: number;
  /** In the shares of agents. */
  readonly totalAllocated: number;
  readonly totalUsed: number;
  readonly totalGranted: number;
  /** Neither used nor granted. */
  readonly budgetRemaining: number;
  /** In the reserve now. */
  readonly reserved: number;
  /** Used beyond the total: reported when nothing was left. Paid off with what is given back. */
  readonly overrun: number;
  /** Leases that ended without being released. */
  readonly expiredLeases: number;
  /** In the order in which they were registered. */
  readonly agents: readonly AgentTokenReport[];
}

export function agentReport(account: AgentAccount): AgentTokenReport {
  const { agent, priority, allocated, used, granted, rest, committed } = account;
  const utilization = allocated === 0 ? 0 : committed / allocated;
  return { agent, priority, allocated, used, granted, remaining: rest, utilization };
}

export function budgetReport(name: string, pool: TokenPool, expiredLeases: number): TokenBudgetReport {
  const agents = [...pool.accounts.values()].map(agentReport);
  const { total, used, granted, reserve, overrun } = pool;
  return {
    name,
    totalBudget: total,
    totalAllocated: agents.reduce((sum, { allocated }) => sum + allocated, 0),
    totalUsed: used,
    totalGranted: granted,
    budgetRemaining: Math.max(0, total - used - granted),
    reserved: reserve,
    overrun,
    expiredLeases,
    agents,
  };
}
