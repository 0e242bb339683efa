import type { AgentDetail } from "../../../server/api/agents.ts";
import { duration } from "../../format/duration.ts";
import { percent, shareOf, whole } from "../../format/numbers.ts";
import { AgentLink } from "../../ui/agent-name.tsx";
import { Badge } from "../../ui/badge.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Empty } from "../../ui/empty.tsx";
import { CostText } from "../../ui/facts.tsx";
import { Panel } from "../../ui/panel.tsx";

export function ModelUsage({ rows }: { readonly rows: AgentDetail["by_model"] }) {
  return (
    <Panel title="Cost by model">
      {rows.length === 0 ? (
        <Empty title="It has called no model itself" />
      ) : (
        <DataTable
          caption="Cost by model"
          rows={rows}
          keyOf={({ name }) => name}
          columns={[
            { key: "model", title: "Model", wide: true, cell: ({ name }) => <bdi>{name}</bdi> },
            { key: "calls", title: "Calls", numeric: true, cell: ({ calls }) => whole(calls) },
            { key: "tokens", title: "Tokens", numeric: true, cell: ({ tokens }) => whole(tokens) },
            {
              key: "cost",
              title: "Cost",
              numeric: true,
              cell: ({ cost_usd, tokens, unpriced_calls }) => (
                <CostText usd={cost_usd} tokens={tokens} unpriced={unpriced_calls} />
              ),
            },
          ]}
        />
      )}
    </Panel>
  );
}

export function ErrorsByClass({ rows }: { readonly rows: AgentDetail["errors"] }) {
  return (
    <Panel title="Errors">
      {rows.length === 0 ? (
        <Empty title="No errors" />
      ) : (
        <DataTable
          caption="Errors"
          rows={rows}
          keyOf={({ error_type, operation }) => `${error_type} ${operation}`}
          columns={[
            {
              key: "class",
              title: "Class",
              cell: (row) => <Badge tone="bad">{row.class.replaceAll("_", " ")}</Badge>,
            },
            { key: "type", title: "Type", wide: true, cell: ({ error_type }) => <bdi>{error_type}</bdi> },
            { key: "operation", title: "In", cell: ({ operation }) => operation },
            { key: "count", title: "Count", numeric: true, cell: ({ count }) => whole(count) },
          ]}
        />
      )}
    </Panel>
  );
}

export function Tools({ rows }: { readonly rows: AgentDetail["tools"] }) {
  return (
    <Panel title="Tools">
      {rows.length === 0 ? (
        <Empty title="It has used no tool" />
      ) : (
        <DataTable
          caption="Tools"
          rows={rows}
          keyOf={({ name }) => name}
          columns={[
            { key: "tool", title: "Tool", wide: true, cell: ({ name }) => <bdi>{name}</bdi> },
            { key: "calls", title: "Calls", numeric: true, cell: ({ calls }) => whole(calls) },
            {
              key: "errors",
              title: "Errors",
              numeric: true,
              cell: ({ errors, calls }) => percent(shareOf(errors, calls)),
            },
            { key: "p95", title: "p95", numeric: true, cell: ({ p95_ms }) => duration(p95_ms) },
          ]}
        />
      )}
    </Panel>
  );
}

export function Callers({ rows }: { readonly rows: AgentDetail["callers"] }) {
  return (
    <Panel title="Callers">
      {rows.length === 0 ? (
        <Empty title="Nobody has called it" />
      ) : (
        <DataTable
          caption="Callers"
          rows={rows}
          keyOf={({ name, type }) => `${type} ${name}`}
          columns={[
            {
              key: "caller",
              title: "Caller",
              wide: true,
              cell: ({ name, type }) => (type === "agent" ? <AgentLink name={name} /> : <bdi>{name}</bdi>),
            },
            { key: "type", title: "Type", cell: ({ type }) => type },
            { key: "calls", title: "Calls", numeric: true, cell: ({ calls }) => whole(calls) },
            {
              key: "errors",
              title: "Errors",
              numeric: true,
              cell: ({ errors, calls }) => percent(shareOf(errors, calls)),
            },
          ]}
        />
      )}
    </Panel>
  );
}
