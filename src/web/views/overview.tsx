import type { BreakerRow, BudgetRow, Failure, SystemHealth } from "../../server/api/agents.ts";
import type { TraceRow } from "../../server/api/traces.ts";
import type { Statistics, TokenStats, TokenTrend } from "../../server/api/usage.ts";
import { query } from "../data/paths.ts";
import type { Page } from "../data/use-pages.ts";
import { useResource } from "../data/use-resource.ts";
import { useHref, usePeriod } from "../router/use-route.ts";
import { Empty, NoTelemetry } from "../ui/empty.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { PERIOD_NAMES, PeriodPicker } from "../ui/period-picker.tsx";
import { ViewHead } from "../ui/view-head.tsx";
import { BreakerList, BudgetList } from "./overview/guards.tsx";
import { HealthTable } from "./overview/health-table.tsx";
import { Totals } from "./overview/totals.tsx";
import { FindingTable } from "./shared/finding-table.tsx";
import { TraceTable } from "./shared/trace-table.tsx";

/** How everything is doing, worst first. */
export function OverviewView() {
  const period = usePeriod();
  const href = useHref();
  const statistics = useResource<Statistics>(`statistics${query({ period })}`);
  const tokens = useResource<TokenStats>(`token-stats${query({ period })}`);
  const trend = useResource<TokenTrend>("token-stats/trend?days=14");
  const health = useResource<SystemHealth>("health");
  const breakers = useResource<{ readonly items: readonly BreakerRow[] }>("circuit-breakers");
  const budgets = useResource<{ readonly items: readonly BudgetRow[] }>("budgets");
  const findings = useResource<Page<Failure>>("failures?limit=5");
  const failed = useResource<Page<TraceRow>>("traces?failed=true&limit=6");
  const nothingYet =
    statistics.data?.total_requests === 0 &&
    statistics.data.model_calls === 0 &&
    health.data?.agents.length === 0 &&
    trend.data?.items.every(({ calls }) => calls === 0) === true;

  return (
    <>
      <ViewHead title="Overview">
        <PeriodPicker />
      </ViewHead>
      {nothingYet && <NoTelemetry />}
      <Totals statistics={statistics} tokens={tokens} trend={trend.data} />
      <div class="columns main-side">
        <Panel
          title="Agents, the least healthy first"
          aside={<a href={href(["agents"])}>All agents</a>}
          waiting={health.waiting}
        >
          <Loaded of={health} lines={7}>
            {(data) =>
              data.agents.length === 0 ? (
                <Empty title="No agent has made a call in the last minutes">
                  <p>Health looks at recent calls only: without any it is unknown, not good.</p>
                </Empty>
              ) : (
                <HealthTable agents={data.agents} />
              )
            }
          </Loaded>
        </Panel>
        <div class="rows">
          <Panel title="Breakers" aside={<a href={href(["breakers"])}>All breakers</a>}>
            <Loaded of={breakers} lines={3}>
              {({ items }) => <BreakerList items={items} />}
            </Loaded>
          </Panel>
          <Panel title="Budgets">
            <Loaded of={budgets} lines={3}>
              {({ items }) => <BudgetList items={items} />}
            </Loaded>
          </Panel>
        </div>
      </div>
      <Panel
        title="Recent failed traces"
        aside={<a href={href(["traces"], { failed: "true" })}>All failed traces</a>}
      >
        <Loaded of={failed} lines={5}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="No trace with an error" />
            ) : (
              <TraceTable caption="Recent failed traces" items={items} />
            )
          }
        </Loaded>
      </Panel>
      <Panel title="Recent failure findings" aside={<a href={href(["failures"])}>All findings</a>}>
        <Loaded of={findings} lines={3}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="No detector has found anything" />
            ) : (
              <FindingTable caption="Recent failure findings" items={items} />
            )
          }
        </Loaded>
      </Panel>
      <p class="footnote">Totals are {PERIOD_NAMES[period]}. Health, breakers and budgets are as of now.</p>
    </>
  );
}
