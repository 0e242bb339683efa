import { useMemo } from "preact/hooks";
import type { TokenStats, TokenTrend } from "../../server/api/usage.ts";
import { TimeChart } from "../charts/time-chart.tsx";
import { query } from "../data/paths.ts";
import { useResource } from "../data/use-resource.ts";
import { money, shortMoney } from "../format/money.ts";
import { dayName } from "../format/time.ts";
import { usePeriod, useRoute, useSetQuery } from "../router/use-route.ts";
import { NoTelemetry } from "../ui/empty.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { PERIOD_NAMES, PeriodPicker } from "../ui/period-picker.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { ViewHead } from "../ui/view-head.tsx";
import { costsByDay } from "./costs/costs-by-day.ts";
import { UsageTable } from "./costs/usage-table.tsx";
import { WhatIf } from "./costs/what-if.tsx";

/** What was spent, on whom and on which model, and what another model would have cost. */
export function CostsView() {
  const period = usePeriod();
  const { query: given } = useRoute();
  const setQuery = useSetQuery();
  const by = given.get("by") === "model" ? "model" : "agent";
  const days = ["14", "30"].find((one) => one === given.get("days")) ?? "7";
  const trend = useResource<TokenTrend>(`token-stats/trend${query({ days })}`);
  const stats = useResource<TokenStats>(`token-stats${query({ period, by })}`);
  const models = useResource<TokenStats>(`token-stats${query({ period: "monthly", by: "model" })}`);
  return (
    <>
      <ViewHead title="Costs">
        <Segmented
          label="Group by"
          options={[
            ["agent", "By agent"],
            ["model", "By model"],
          ]}
          value={by}
          onChange={(next) => setQuery({ by: next === "agent" ? undefined : next })}
        />
      </ViewHead>
      <Panel
        title="By day"
        waiting={trend.waiting}
        aside={
          <Segmented
            label="Days"
            options={[
              ["7", "7 days"],
              ["14", "14 days"],
              ["30", "30 days"],
            ]}
            value={days}
            onChange={(next) => setQuery({ days: next === "7" ? undefined : next })}
          />
        }
      >
        <Loaded of={trend} lines={8}>
          {(data) => <ByDay trend={data} by={by} />}
        </Loaded>
      </Panel>
      <Panel
        title={`${by === "agent" ? "Agents" : "Models"} ${PERIOD_NAMES[period]}`}
        aside={<PeriodPicker />}
        waiting={stats.waiting}
      >
        <Loaded of={stats} lines={6}>
          {(data) => (data.items.length === 0 ? <NoTelemetry /> : <UsageTable stats={data} />)}
        </Loaded>
      </Panel>
      <WhatIf period={period} known={models.data?.items.map(({ name }) => name) ?? []} />
    </>
  );
}

function ByDay({ trend, by }: { readonly trend: TokenTrend; readonly by: "agent" | "model" }) {
  const { times, series } = useMemo(() => costsByDay(trend, by), [trend, by]);
  const unpriced = trend.items.reduce((sum, { unpriced_calls }) => sum + unpriced_calls, 0);
  return (
    <>
      <TimeChart
        title={`Cost per day by ${by}, in US dollars`}
        times={times}
        series={series}
        kind="bars"
        stacked
        utc
        format={money}
        axis={shortMoney}
        timeText={(ms) => dayName(new Date(ms).toISOString().slice(0, 10))}
        height={240}
      />
      {unpriced > 0 && (
        <p class="footnote">Without {unpriced.toLocaleString("en-US")} calls whose price is not known.</p>
      )}
    </>
  );
}
