import { checkName } from "../../internal/check-name.ts";
import { checkBetween, checkWhole } from "../../internal/check-number.ts";
import { type Clock, systemClock } from "../../internal/clock.ts";
import { type After, systemAfter } from "../../internal/timers.ts";
import { type MetricSources, metricSources } from "../../telemetry/metric-sources.ts";
import type { AgentAccount, AgentOptions } from "./agent-account.ts";

export interface TokenBudgetOptions {
  /** In errors and metrics: of the kind of work, not of one session. @default "tokens" */
  readonly name?: string;
  /** Tokens for all agents together, 1 to 1e12. */
  readonly total: number;
  /** So many of them only for agents that are registered with `usesReserve`. @default 0 */
  readonly reserved?: number;
  /** A lease that is neither released nor reported on for so long gives back what it has left. @default 600_000 */
  readonly leaseMs?: number;
  /** Tokens are taken only from agents that have done nothing for so long. @default 0, which is from anyone */
  readonly idleAfterMs?: number;
  readonly clock?: Clock;
  /** For tests. */
  readonly after?: After;
  /** Where it tells its metrics. @default those of this process */
  readonly metrics?: MetricSources;
}

export type TokenBudgetSettings = Required<TokenBudgetOptions>;

const MAX_TOTAL = 1e12;
/** A year: nothing is meant to last longer. */
const MAX_MS = 31_536_000_000;
const MAX_AGENTS = 1_000;
/** 0.7 + 0.2 + 0.1 is a little less than 1, other sums are a little more. */
const ROUNDING = 1e-9;

/** @throws RangeError or TypeError that names the option, what it allows and the value. */
export function tokenBudgetSettings(options: TokenBudgetOptions): TokenBudgetSettings {
  const { name = "tokens", total, reserved = 0, leaseMs = 600_000, idleAfterMs = 0 } = options;
  const { clock = systemClock, after = systemAfter, metrics = metricSources } = options;
  checkName("tokenBudget", name);
  checkWhole("tokenBudget: total", total, 1, MAX_TOTAL);
  checkWhole("tokenBudget: reserved", reserved, 0, total);
  checkWhole("tokenBudget: leaseMs", leaseMs, 1, MAX_MS);
  checkWhole("tokenBudget: idleAfterMs", idleAfterMs, 0, MAX_MS);
  return { name, total, reserved, leaseMs, idleAfterMs, clock, after, metrics };
}

/** @throws as above; TypeError where the agent is registered already, RangeError where the shares come to more than 1. */
export function checkAgent(
  agent: string,
  { priority = 1, share, usesReserve = false }: AgentOptions,
  accounts: ReadonlyMap<string, AgentAccount>,
): void {
  checkName("tokenBudget: agent", agent);
  checkBetween(`tokenBudget: priority of "${agent}"`, priority, 0.001, 1_000);
  if (typeof usesReserve !== "boolean")
    throw new TypeError(`tokenBudget: usesReserve of "${agent}" must be true or false, got ${usesReserve}`);
  if (accounts.has(agent)) throw new TypeError(`tokenBudget: agent "${agent}" is registered already`);
  if (accounts.size >= MAX_AGENTS)
    throw new RangeError(`tokenBudget: at most ${MAX_AGENTS} agents share a budget, "${agent}" is one more`);
  if (share === undefined) return;
  checkBetween(`tokenBudget: share of "${agent}"`, share, 0, 1);
  const shares = [...accounts.values()].reduce((sum, account) => sum + (account.share ?? 0), share);
  if (shares > 1 + ROUNDING)
    throw new RangeError(`tokenBudget: shares must come to at most 1, with "${agent}" they are ${shares}`);
}
