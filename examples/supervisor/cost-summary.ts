import { type CallTotals, formatTotals, formatUsd, onCall } from "agent-otel";

const NOTHING: CallTotals = { calls: 0, tokens: 0, costNanoUsd: 0 };

/**
 * Adds up what the agents of this process spend from now on.
 *
 * @returns Makes a table of it: a line for each agent, and the total.
 */
export function costSummary(): (maxCostUsd: number) => string {
  const spent = new Map<string, CallTotals>();
  onCall(({ operation, agent, own }) => {
    if (operation !== "invoke_agent" || agent === undefined || own === undefined) return;
    spent.set(agent, sum(spent.get(agent) ?? NOTHING, own));
  });
  return (maxCostUsd) => {
    const agents = [...spent].sort(([, a], [, b]) => b.costNanoUsd - a.costNanoUsd);
    const total = agents.map(([, totals]) => totals).reduce(sum, NOTHING);
    const lines = [...agents, ["total", total] as const].map(
      ([name, totals]) => `${name.padEnd(15)} ${formatTotals(totals)}`,
    );
    return `${lines.join("\n")} of at most ${formatUsd(maxCostUsd * 1e9)}`;
  };
}

function sum(a: CallTotals, b: CallTotals): CallTotals {
  return {
    calls: a.calls + b.calls,
    tokens: a.tokens + b.tokens,
    costNanoUsd: a.costNanoUsd + b.costNanoUsd,
  };
}
