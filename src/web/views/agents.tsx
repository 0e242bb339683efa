import type { AgentList } from "../../server/api/agents.ts";
import { query } from "../data/paths.ts";
import { useResource } from "../data/use-resource.ts";
import { duration } from "../format/duration.ts";
import { percent, whole } from "../format/numbers.ts";
import { usePeriod } from "../router/use-route.ts";
import { AgentLink } from "../ui/agent-name.tsx";
import { BreakerState, HealthScore } from "../ui/badge.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { NoTelemetry } from "../ui/empty.tsx";
import { CostText, Time } from "../ui/facts.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { PERIOD_NAMES, PeriodPicker } from "../ui/period-picker.tsx";
import { ViewHead } from "../ui/view-head.tsx";

/** All agents with what they did. */
export function AgentsView() {
  const period = usePeriod();
  const agents = useResource<AgentList>(`agents${query({ period })}`);
  return (
    <>
      <ViewHead title="Agents">
        <PeriodPicker />
      </ViewHead>
      <Panel title={`Agents ${PERIOD_NAMES[period]}`} waiting={agents.waiting}>
        <Loaded of={agents} lines={12}>
          {({ items }) => (items.length === 0 ? <NoTelemetry /> : <Agents items={items} />)}
        </Loaded>
      </Panel>
      <p class="footnote">
        Cost is of an agent's own model calls; with calls adds what the agents that it called have used.
      </p>
    </>
  );
}

function Agents({ items }: { readonly items: AgentList["items"] }) {
  return (
    <DataTable
      caption="Agents"
      rows={items}
      keyOf={({ agent }) => agent}
      columns={[
        {
          key: "agent",
          title: "Agent",
          wide: true,
          cell: ({ agent }) => <AgentLink name={agent} />,
          sortBy: ({ agent }) => agent,
        },
        {
          key: "health",
          title: "Health",
          cell: ({ health }) => <HealthScore score={health} />,
          sortBy: ({ health }) => health ?? 101,
        },
        {
          key: "runs",
          title: "Runs",
          numeric: true,
          cell: ({ total_requests }) => whole(total_requests),
          sortBy: ({ total_requests }) => total_requests,
        },
        {
          key: "success",
          title: "Success",
          numeric: true,
          cell: ({ success_rate }) => percent(success_rate),
          sortBy: ({ success_rate }) => success_rate ?? -1,
        },
        {
          key: "p50",
          title: "p50",
          numeric: true,
          cell: ({ p50_duration_ms }) => duration(p50_duration_ms),
          sortBy: ({ p50_duration_ms }) => p50_duration_ms ?? -1,
        },
        {
          key: "p95",
          title: "p95",
          numeric: true,
          cell: ({ p95_duration_ms }) => duration(p95_duration_ms),
          sortBy: ({ p95_duration_ms }) => p95_duration_ms ?? -1,
        },
        {
          key: "tokens",
          title: "Tokens",
          numeric: true,
          cell: ({ total_tokens }) => whole(total_tokens),
          sortBy: ({ total_tokens }) => total_tokens,
        },
        {
          key: "cost",
          title: "Cost",
          numeric: true,
          cell: ({ total_cost_usd, total_tokens }) => <CostText usd={total_cost_usd} tokens={total_tokens} />,
          sortBy: ({ total_cost_usd }) => total_cost_usd,
        },
        {
          key: "inclusive",
          title: "With calls",
          numeric: true,
          cell: ({ inclusive_cost_usd, total_tokens }) => (
            <CostText usd={inclusive_cost_usd} tokens={total_tokens} />
          ),
          sortBy: ({ inclusive_cost_usd }) => inclusive_cost_usd,
        },
        {
          key: "breaker",
          title: "Breaker",
          cell: ({ breaker }) => (breaker === null ? "–" : <BreakerState state={breaker} />),
        },
        {
          key: "seen",
          title: "Last seen",
          cell: ({ last_seen }) => <Time at={last_seen} relative />,
          sortBy: ({ last_seen }) => last_seen,
        },
      ]}
    />
  );
}
