import { useEffect, useState } from "preact/hooks";
import type { AgentList } from "../../server/api/agents.ts";
import type { TraceRow } from "../../server/api/traces.ts";
import type { TokenStats } from "../../server/api/usage.ts";
import { usePages } from "../data/use-pages.ts";
import { useResource } from "../data/use-resource.ts";
import { daysAgo } from "../format/days-ago.ts";
import { useRoute, useSetQuery } from "../router/use-route.ts";
import { Empty, NoTelemetry } from "../ui/empty.tsx";
import { NumberField, SelectField } from "../ui/fields.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { MoreButton } from "../ui/more-button.tsx";
import { Panel } from "../ui/panel.tsx";
import { SearchField } from "../ui/search-field.tsx";
import { ViewHead } from "../ui/view-head.tsx";
import { TraceTable } from "./shared/trace-table.tsx";

const FILTERS = ["text", "agent", "model", "failed", "findings", "min_cost_usd", "min_duration_ms"] as const;
const ORDERS = [
  ["newest", "Newest first"],
  ["slowest", "Slowest first"],
  ["dearest", "Most expensive first"],
] as const;

const RANGES = [
  ["1", "Last 24 hours"],
  ["7", "Last 7 days"],
  ["30", "Last 30 days"],
] as const;

/** Search over traces; what is searched for stands in the address. */
export function TracesView() {
  const { query } = useRoute();
  const setQuery = useSetQuery();
  const given = (name: string) => query.get(name) ?? undefined;
  const within = RANGES.find(([days]) => days === given("days"))?.[0] ?? "1";
  const parameters = {
    ...Object.fromEntries([...FILTERS, "order"].map((name) => [name, given(name)])),
    from: daysAgo(Number(within), Date.now()),
  };
  const traces = usePages<TraceRow>("traces", parameters, ({ trace_id }) => trace_id);
  const agents = useResource<AgentList>("agents?period=monthly");
  const models = useResource<TokenStats>("token-stats?period=monthly&by=model");
  const filtered = FILTERS.some((name) => given(name) !== undefined);
  const shown = useShownCount(traces.data?.items.length);
  return (
    <>
      <ViewHead title="Traces" />
      <search class="filters">
        <SearchField
          label="Search by name of a span or by trace id"
          value={given("text") ?? ""}
          onChange={(text) => setQuery({ text })}
        />
        <SelectField
          label="Agent"
          value={given("agent") ?? ""}
          options={[
            ["", "All agents"],
            ...names(
              agents.data?.items.map(({ agent }) => agent),
              given("agent"),
            ),
          ]}
          onChange={(agent) => setQuery({ agent })}
        />
        <SelectField
          label="Model"
          value={given("model") ?? ""}
          options={[
            ["", "All models"],
            ...names(
              models.data?.items.map(({ name }) => name),
              given("model"),
            ),
          ]}
          onChange={(model) => setQuery({ model })}
        />
        <SelectField
          label="Order"
          value={given("order") ?? "newest"}
          options={ORDERS}
          onChange={(order) => setQuery({ order: order === "newest" ? undefined : order })}
        />
        <SelectField
          label="Started"
          value={within}
          options={RANGES}
          onChange={(days) => setQuery({ days: days === "1" ? undefined : days })}
        />
        <NumberField
          label="Cost from, USD"
          value={given("min_cost_usd") ?? ""}
          onChange={(value) => setQuery({ min_cost_usd: value })}
        />
        <NumberField
          label="Duration from, ms"
          whole
          value={given("min_duration_ms") ?? ""}
          onChange={(value) => setQuery({ min_duration_ms: value })}
        />
        <Check label="With errors" name="failed" />
        <Check label="With findings" name="findings" />
        {filtered && (
          <button
            type="button"
            class="button quiet"
            onClick={() => setQuery(Object.fromEntries(FILTERS.map((name) => [name, undefined])))}
          >
            Clear
          </button>
        )}
      </search>
      <Panel title="Result" aside={<span role="status">{shown}</span>} waiting={traces.waiting}>
        <Loaded of={traces} lines={12}>
          {({ items }) =>
            items.length > 0 ? (
              <TraceTable caption="Traces" items={items} />
            ) : filtered ? (
              <Empty title="No trace fits this search">
                <p>Take a filter away, look further back, or search for a shorter part of a name.</p>
              </Empty>
            ) : (
              <NoTelemetry />
            )
          }
        </Loaded>
        <MoreButton of={traces} />
      </Panel>
    </>
  );
}

function Check({ label, name }: { readonly label: string; readonly name: string }) {
  const { query } = useRoute();
  const setQuery = useSetQuery();
  const on = query.get(name) === "true";
  return (
    <label class="check">
      <input type="checkbox" checked={on} onChange={() => setQuery({ [name]: on ? undefined : "true" })} />
      {label}
    </label>
  );
}

/** Options of a select: what the address names is among them, also where the server does not know it. */
function names(
  known: readonly string[] | undefined,
  chosen: string | undefined,
): readonly (readonly [string, string])[] {
  const all = new Set([...(known ?? []), ...(chosen === undefined ? [] : [chosen])]);
  return [...all].map((name) => [name, name]);
}

/** Said a moment later than shown, so that typing does not make a screen reader count along. */
function useShownCount(count: number | undefined): string {
  const [text, setText] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setText(count === undefined ? "" : `${count} shown`), 300);
    return () => clearTimeout(timer);
  }, [count]);
  return text;
}
