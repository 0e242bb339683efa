import type { Graph } from "../../server/api/agents.ts";
import { query } from "../data/paths.ts";
import { useResource } from "../data/use-resource.ts";
import { edgeIdOf } from "../graph/edge-id.ts";
import { usePeriod, useRoute, useSetQuery } from "../router/use-route.ts";
import { NoTelemetry } from "../ui/empty.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { PERIOD_NAMES, PeriodPicker } from "../ui/period-picker.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { ViewHead } from "../ui/view-head.tsx";
import { Chosen } from "./graph/chosen.tsx";
import { EdgeTable } from "./graph/edge-table.tsx";
import { GraphCanvas } from "./graph/graph-canvas.tsx";
import { agentsOnly } from "./graph/narrow-graph.ts";

/** Who calls whom, how often, how well and for how much. */
export function GraphView() {
  const period = usePeriod();
  const { query: given } = useRoute();
  const setQuery = useSetQuery();
  const graph = useResource<Graph>(`metrics/interactions${query({ period })}`);
  const all = given.get("show") !== "agents";
  const chosen = given.get("focus") ?? undefined;
  const choose = (focus: string | undefined) => setQuery({ focus });
  return (
    <>
      <ViewHead title="Interactions">
        <Segmented
          label="Show"
          options={[
            ["all", "With tools and models"],
            ["agents", "Agents only"],
          ]}
          value={all ? "all" : "agents"}
          onChange={(next) => setQuery({ show: next === "all" ? undefined : next })}
        />
        <PeriodPicker />
      </ViewHead>
      <Loaded of={graph} lines={18}>
        {(data) => {
          if (data.nodes.length === 0) return <NoTelemetry />;
          const shown = all ? data : agentsOnly(data);
          const edges =
            chosen === undefined
              ? shown.edges
              : shown.edges.filter(
                  (edge) => edge.source === chosen || edge.target === chosen || edgeIdOf(edge) === chosen,
                );
          return (
            <>
              <Panel title={`Calls ${PERIOD_NAMES[period]}`} class="graph-panel" waiting={graph.waiting}>
                <GraphCanvas graph={shown} chosen={chosen} choose={choose} />
                <Chosen graph={shown} id={chosen} clear={() => choose(undefined)} />
              </Panel>
              <Panel title="The same as a table">
                <EdgeTable nodes={shown.nodes} edges={edges} choose={choose} />
              </Panel>
            </>
          );
        }}
      </Loaded>
    </>
  );
}
