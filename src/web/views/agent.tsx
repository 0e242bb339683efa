import type { AgentDetail, Failure } from "../../server/api/agents.ts";
import type { TraceRow } from "../../server/api/traces.ts";
import { RedCharts } from "../charts/red-charts.tsx";
import { query, segment } from "../data/paths.ts";
import type { Page } from "../data/use-pages.ts";
import { useResource } from "../data/use-resource.ts";
import { duration } from "../format/duration.ts";
import { percent, plural, whole } from "../format/numbers.ts";
import { useHref, usePeriod } from "../router/use-route.ts";
import { AgentDot } from "../ui/agent-name.tsx";
import { Empty } from "../ui/empty.tsx";
import { CostText, Fact } from "../ui/facts.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { PERIOD_NAMES, PeriodPicker } from "../ui/period-picker.tsx";
import { ViewHead } from "../ui/view-head.tsx";
import { Callers, ErrorsByClass, ModelUsage, Tools } from "./agent/agent-tables.tsx";
import { HealthParts } from "./agent/health-parts.tsx";
import { FindingTable } from "./shared/finding-table.tsx";
import { TraceTable } from "./shared/trace-table.tsx";

/** One agent: what it did, how well, with what, for whom. */
export function AgentView({ name }: { readonly name: string }) {
  const period = usePeriod();
  const href = useHref();
  const agent = useResource<AgentDetail>(`agents/${segment(name)}${query({ period })}`);
  const findings = useResource<Page<Failure>>(`failures${query({ agent: name, limit: "10" })}`);
  const traces = useResource<Page<TraceRow>>(`traces${query({ agent: name, limit: "10" })}`);
  return (
    <>
      <ViewHead
        title={name}
        dot={<AgentDot name={name} />}
        above={
          <a class="back" href={href(["agents"])}>
            Agents
          </a>
        }
      >
        <PeriodPicker />
      </ViewHead>
      <Loaded of={agent} lines={14}>
        {(data) => <Agent data={data} waiting={agent.waiting} />}
      </Loaded>
      <Panel title="Recent traces" aside={<a href={href(["traces"], { agent: name })}>All its traces</a>}>
        <Loaded of={traces} lines={5}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="No trace of this agent is stored" />
            ) : (
              <TraceTable caption="Recent traces" items={items} />
            )
          }
        </Loaded>
      </Panel>
      <Panel title="Failure findings">
        <Loaded of={findings} lines={3}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="No detector has found anything in its runs" />
            ) : (
              <FindingTable caption="Failure findings" items={items} />
            )
          }
        </Loaded>
      </Panel>
      <p class="footnote">Totals are {PERIOD_NAMES[period]}. Health is as of now.</p>
    </>
  );
}

function Agent({ data, waiting }: { readonly data: AgentDetail; readonly waiting: boolean }) {
  const { stats, usage } = data;
  return (
    <>
      <dl class={waiting ? "facts waiting" : "facts"}>
        <Fact label="Runs" name="agent-runs" note={plural(usage.calls, "model call")}>
          {whole(stats.total_requests)}
        </Fact>
        <Fact
          label="Failed"
          name="agent-failed"
          tone={stats.failed > 0 ? "bad" : undefined}
          note={`${percent(stats.success_rate)} succeeded`}
        >
          {whole(stats.failed)}
        </Fact>
        <Fact label="Duration, p95" name="agent-p95" note={`p50 ${duration(stats.p50_duration_ms)}`}>
          {duration(stats.p95_duration_ms)}
        </Fact>
        <Fact
          label="Cost"
          name="agent-cost"
          note={
            <>
              <CostText usd={data.inclusive_cost_usd} tokens={usage.tokens} /> with all that it called
            </>
          }
        >
          <CostText usd={usage.cost_usd} tokens={usage.tokens} unpriced={usage.unpriced_calls} />
        </Fact>
        <Fact
          label="Tokens"
          name="agent-tokens"
          note={`${whole(usage.input_tokens)} in · ${whole(usage.output_tokens)} out`}
        >
          {whole(usage.tokens)}
        </Fact>
      </dl>
      <div class="columns main-side">
        <Panel title="Over time" waiting={waiting}>
          {data.series.points.length === 0 ? (
            <Empty title="No calls in this time" />
          ) : (
            <RedCharts series={data.series} />
          )}
        </Panel>
        <Panel title="Health">
          <HealthParts health={data.health} />
        </Panel>
      </div>
      <div class="columns two">
        <ModelUsage rows={data.by_model} />
        <ErrorsByClass rows={data.errors} />
        <Tools rows={data.tools} />
        <Callers rows={data.callers} />
      </div>
    </>
  );
}
