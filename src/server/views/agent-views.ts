import type { AgentHealth as Health } from "../../health/agent-health.ts";
import type { RollupRow } from "../../health/rollup/rollup-row.ts";
import type { AgentDetail, AgentHealth, AgentList } from "../api/agents.ts";
import { errorItems } from "./errors-view.ts";
import { groupRows, largestFirst } from "./group-rows.ts";
import { inclusiveCosts } from "./inclusive-costs.ts";
import { redSeries } from "./red-series.ts";
import { busiestFirst, rowsByAgent, runStatsView } from "./run-stats-view.ts";
import { endOfSlice, type PeriodRange } from "./time-range.ts";
import { callsOf, errorsOf, sumOf, usageOf } from "./usage-sum.ts";
import { usageBy } from "./usage-views.ts";

/** @param health Of now, and not of the period. */
export function agentListView(
  rows: readonly RollupRow[],
  range: PeriodRange,
  health: readonly Health[],
): AgentList {
  const now = new Map(health.map((each) => [each.agent, each]));
  const inclusive = inclusiveCosts(rows);
  const items = [...rowsByAgent(rows)].map(([agent, own]) => ({
    agent,
    ...runStatsView(own, agent),
    inclusive_cost_usd: inclusive(agent),
    health: now.get(agent)?.score ?? null,
    breaker: now.get(agent)?.breakerState ?? null,
    last_seen: endOfSlice(
      own.reduce((ms, row) => Math.max(ms, row.startMs), 0),
      range.rows,
    ),
  }));
  return { ...range.shown, items: items.sort(busiestFirst) };
}

/** @param rows Of all agents: what it cost with all that it called is in theirs. */
export function agentDetailView(
  rows: readonly RollupRow[],
  range: PeriodRange,
  agent: string,
  health: AgentHealth,
): AgentDetail {
  const own = rowsByAgent(rows).get(agent) ?? [];
  return {
    ...range.shown,
    agent,
    stats: runStatsView(own, agent),
    usage: usageOf(own),
    inclusive_cost_usd: inclusiveCosts(rows)(agent),
    health,
    series: redSeries(own, range),
    by_model: usageBy(own, "model"),
    tools: toolsOf(own),
    callers: callersOf(own),
    errors: errorItems(own, range).map(({ agent: _, last_seen: __, ...item }) => item),
  };
}

function toolsOf(own: readonly RollupRow[]): AgentDetail["tools"] {
  const calls = own.filter(({ operation }) => operation === "execute_tool");
  return [...groupRows(calls, ({ tool }) => tool)]
    .map(([name, rows]) => ({
      name,
      calls: callsOf(rows),
      errors: errorsOf(rows),
      p95_ms: sumOf(rows).durations.quantile(0.95) ?? null,
    }))
    .sort(
      largestFirst(
        (each) => each.calls,
        ({ name }) => name,
      ),
    );
}

function callersOf(own: readonly RollupRow[]): AgentDetail["callers"] {
  const runs = own.filter(({ operation }) => operation === "invoke_agent");
  return [...groupRows(runs, (row) => JSON.stringify([row.callerType, row.caller]))]
    .map(([, rows]) => ({
      // Nobody of the program.
      name: rows[0]!.callerType === "" ? "user" : rows[0]!.caller,
      type: rows[0]!.callerType === "" ? "user" : rows[0]!.callerType,
      calls: callsOf(rows),
      errors: errorsOf(rows),
    }))
    .sort(
      largestFirst(
        (each) => each.calls,
        (each) => JSON.stringify([each.type, each.name]),
      ),
    );
}
