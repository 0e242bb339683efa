import type { AgentHealth } from "../../../server/api/agents.ts";
import { duration } from "../../format/duration.ts";
import { percent, whole } from "../../format/numbers.ts";
import { AgentLink } from "../../ui/agent-name.tsx";
import { BreakerState, HealthScore } from "../../ui/badge.tsx";
import { DataTable } from "../../ui/data-table.tsx";

/** One line for each agent, as the server has put them: the worst first, the unknown last. */
export function HealthTable({ agents }: { readonly agents: readonly AgentHealth[] }) {
  return (
    <DataTable
      caption="Health of each agent"
      rows={agents}
      keyOf={({ agent }) => agent}
      columns={[
        { key: "agent", title: "Agent", wide: true, cell: ({ agent }) => <AgentLink name={agent} /> },
        {
          key: "health",
          title: "Health",
          cell: ({ score }) => <HealthScore score={score} />,
          sortBy: ({ score }) => score ?? 101,
        },
        {
          key: "success",
          title: "Success",
          numeric: true,
          cell: ({ success_rate }) => percent(success_rate),
          sortBy: ({ success_rate }) => success_rate ?? -1,
        },
        {
          key: "p95",
          title: "p95",
          numeric: true,
          cell: ({ p95_ms, objective_ms }) => (
            <span
              class={p95_ms !== null && p95_ms > objective_ms ? "tone-warn" : ""}
              title={`Objective: ${duration(objective_ms)}`}
            >
              {duration(p95_ms)}
            </span>
          ),
          sortBy: ({ p95_ms }) => p95_ms ?? -1,
        },
        {
          key: "calls",
          title: "Calls",
          numeric: true,
          cell: ({ calls }) => whole(calls),
          sortBy: ({ calls }) => calls,
        },
        {
          key: "refused",
          title: "Refused",
          numeric: true,
          cell: ({ rejections, fallbacks }) => (
            <span title={`${whole(fallbacks)} answered by a fallback`}>{whole(rejections)}</span>
          ),
          sortBy: ({ rejections }) => rejections,
        },
        {
          key: "breaker",
          title: "Breaker",
          cell: ({ breaker }) => (breaker === null ? "–" : <BreakerState state={breaker} />),
        },
      ]}
    />
  );
}
