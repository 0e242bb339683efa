import type { GraphEdge, GraphNode } from "../../../server/api/agents.ts";
import { duration } from "../../format/duration.ts";
import { percent, shareOf, whole } from "../../format/numbers.ts";
import { edgeIdOf } from "../../graph/edge-id.ts";
import { AgentLink } from "../../ui/agent-name.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { CostText } from "../../ui/facts.tsx";

interface EdgeTableProps {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly choose: (id: string) => void;
}

/** What the graph shows, for keyboards, screen readers and sorting. */
export function EdgeTable({ nodes, edges, choose }: EdgeTableProps) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return (
    <DataTable
      caption="Calls between agents, tools and models"
      rows={edges}
      keyOf={edgeIdOf}
      columns={[
        { key: "from", title: "From", cell: ({ source }) => <End node={byId.get(source)} id={source} /> },
        {
          key: "to",
          title: "To",
          wide: true,
          cell: ({ target }) => <End node={byId.get(target)} id={target} />,
        },
        {
          key: "calls",
          title: "Calls",
          numeric: true,
          cell: ({ calls }) => whole(calls),
          sortBy: ({ calls }) => calls,
        },
        {
          key: "errors",
          title: "Errors",
          numeric: true,
          cell: ({ errors, calls }) => (
            <span class={errors > 0 ? "tone-bad" : ""}>{percent(shareOf(errors, calls))}</span>
          ),
          sortBy: ({ errors, calls }) => shareOf(errors, calls) ?? -1,
        },
        {
          key: "p50",
          title: "p50",
          numeric: true,
          cell: ({ p50_ms }) => duration(p50_ms),
          sortBy: ({ p50_ms }) => p50_ms ?? -1,
        },
        {
          key: "p95",
          title: "p95",
          numeric: true,
          cell: ({ p95_ms }) => duration(p95_ms),
          sortBy: ({ p95_ms }) => p95_ms ?? -1,
        },
        {
          key: "cost",
          title: "Cost",
          numeric: true,
          cell: ({ cost_usd, tokens }) =>
            tokens === 0 && cost_usd === 0 ? "–" : <CostText usd={cost_usd} tokens={tokens} />,
          sortBy: ({ cost_usd }) => cost_usd,
        },
        {
          key: "focus",
          title: "Graph",
          cell: (edge) => (
            <button
              type="button"
              class="link"
              onClick={() => choose(edgeIdOf(edge))}
              aria-label={`Show ${edgeIdOf(edge)} in the graph`}
            >
              Show
            </button>
          ),
        },
      ]}
    />
  );
}

function End({ node, id }: { readonly node: GraphNode | undefined; readonly id: string }) {
  if (node?.kind === "agent") return <AgentLink name={node.name} />;
  return (
    <span>
      <bdi>{node?.name ?? id}</bdi>{" "}
      {node !== undefined && node.kind !== "user" && <small class="muted">{node.kind}</small>}
    </span>
  );
}
