import type { TokenStats } from "../../../server/api/usage.ts";
import { percent, shareOf, whole } from "../../format/numbers.ts";
import { AgentLink } from "../../ui/agent-name.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { CostText } from "../../ui/facts.tsx";

/** What model calls used, with the sum of all. */
export function UsageTable({ stats }: { readonly stats: TokenStats }) {
  const { total, by } = stats;
  return (
    <>
      <p class="sum" data-fact="costs-total">
        <CostText usd={total.cost_usd} tokens={total.tokens} unpriced={total.unpriced_calls} />{" "}
        <small class="muted">
          {whole(total.tokens)} tokens in {whole(total.calls)} calls
        </small>
      </p>
      <DataTable
        caption={`Usage by ${by}`}
        rows={stats.items}
        keyOf={({ name }) => name}
        columns={[
          {
            key: "name",
            title: by === "agent" ? "Agent" : "Model",
            wide: true,
            cell: ({ name }) => (by === "agent" ? <AgentLink name={name} /> : <bdi>{name}</bdi>),
            sortBy: ({ name }) => name,
          },
          {
            key: "calls",
            title: "Calls",
            numeric: true,
            cell: (row) => whole(row.calls),
            sortBy: (row) => row.calls,
          },
          {
            key: "errors",
            title: "Errors",
            numeric: true,
            cell: (row) => percent(shareOf(row.errors, row.calls)),
            sortBy: (row) => shareOf(row.errors, row.calls) ?? -1,
          },
          {
            key: "in",
            title: "Tokens in",
            numeric: true,
            cell: (row) => whole(row.input_tokens),
            sortBy: (row) => row.input_tokens,
          },
          {
            key: "cached",
            title: "From cache",
            numeric: true,
            cell: (row) => percent(shareOf(row.cache_read_tokens, row.input_tokens)),
            sortBy: (row) => shareOf(row.cache_read_tokens, row.input_tokens) ?? -1,
          },
          {
            key: "out",
            title: "Tokens out",
            numeric: true,
            cell: (row) => whole(row.output_tokens),
            sortBy: (row) => row.output_tokens,
          },
          {
            key: "reasoning",
            title: "Reasoning",
            numeric: true,
            cell: (row) => whole(row.reasoning_tokens),
            sortBy: (row) => row.reasoning_tokens,
          },
          {
            key: "cost",
            title: "Cost",
            numeric: true,
            cell: (row) => <CostText usd={row.cost_usd} tokens={row.tokens} unpriced={row.unpriced_calls} />,
            sortBy: (row) => row.cost_usd,
          },
        ]}
      />
    </>
  );
}
