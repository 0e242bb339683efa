import type { CallGroup, RunGroup } from "../../stores/usage/usage-store.ts";

/** Model calls added up under one name. */
export interface UsageTotal {
  /** The agent, model, provider, workflow, conversation or caller; empty where it is not known. */
  readonly name: string;
  readonly calls: number;
  /** Input and output. */
  readonly tokens: number;
  /** US dollars, exact to the nano-dollar, of the calls whose price is known. */
  readonly costUsd: number;
  /** By agent, model, provider, conversation and day only. */
  readonly detail?: UsageDetail;
  /** By agent and workflow only: with all that was called below, so that of an agent inside another counts for both. */
  readonly subtree?: { readonly calls: number; readonly tokens: number; readonly costUsd: number };
  /** By agent, workflow and caller only: how often it ran. */
  readonly runs?: number;
}

export interface UsageDetail {
  readonly errors: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly reasoningTokens: number;
  /** Calls with tokens whose price is not known. */
  readonly unpricedCalls: number;
}

export function callTotal(group: CallGroup): UsageTotal {
  const { key, calls, costNanoUsd, errors, inputTokens, outputTokens } = group;
  const { cacheReadTokens, cacheWriteTokens, reasoningTokens, unpricedCalls } = group;
  return {
    name: key,
    calls,
    tokens: inputTokens + outputTokens,
    costUsd: costNanoUsd / 1e9,
    detail: {
      errors,
      inputTokens,
      outputTokens,
      cacheReadTokens,
      cacheWriteTokens,
      reasoningTokens,
      unpricedCalls,
    },
  };
}

/** Agents: their own calls, with what was called below where it is known. */
export function agentTotals(calls: readonly CallGroup[], runs: readonly RunGroup[]): readonly UsageTotal[] {
  const byName = new Map(runs.map((run) => [run.key, run]));
  const totals = calls.map((group) => {
    const run = byName.get(group.key);
    byName.delete(group.key);
    return run === undefined ? callTotal(group) : { ...callTotal(group), ...subtreeOf(run) };
  });
  // Those that ask no model themselves, as a supervisor that only delegates.
  const silent = [...byName.values()].map((run) => ({
    name: run.key,
    calls: 0,
    tokens: 0,
    costUsd: 0,
    ...subtreeOf(run),
  }));
  return [...totals, ...silent];
}

/** Workflows, which ask no model themselves: all that ran in them. */
export function workflowTotal(run: RunGroup): UsageTotal {
  const { subtree, runs } = subtreeOf(run);
  return { name: run.key, ...subtree, subtree, runs };
}

/** Callers: what the agents that they called did themselves. */
export function callerTotal({ key, ownCalls, ownTokens, ownCostNanoUsd, runs }: RunGroup): UsageTotal {
  return { name: key, calls: ownCalls, tokens: ownTokens, costUsd: ownCostNanoUsd / 1e9, runs };
}

function subtreeOf({ subtreeCalls, subtreeTokens, subtreeCostNanoUsd, runs }: RunGroup) {
  return {
    subtree: { calls: subtreeCalls, tokens: subtreeTokens, costUsd: subtreeCostNanoUsd / 1e9 },
    runs,
  };
}
