import type { TraceRow } from "../../../server/api/traces.ts";
import { duration } from "../../format/duration.ts";
import { plural, whole } from "../../format/numbers.ts";
import { useHref } from "../../router/use-route.ts";
import { AgentDot } from "../../ui/agent-name.tsx";
import { Badge } from "../../ui/badge.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { CostText, Time } from "../../ui/facts.tsx";

const AGENTS_SHOWN = 2;

export function TraceTable({
  caption,
  items,
}: {
  readonly caption: string;
  readonly items: readonly TraceRow[];
}) {
  const href = useHref();
  return (
    <DataTable
      caption={caption}
      rows={items}
      keyOf={({ trace_id }) => trace_id}
      columns={[
        {
          key: "name",
          title: "Trace",
          wide: true,
          cell: ({ trace_id, name, service }) => (
            <span class="two-lines">
              <a href={href(["traces", trace_id])} class="cut" title={`${name} ${trace_id}`}>
                <bdi>{name}</bdi>
              </a>
              <small class="muted cut">
                <bdi>{service}</bdi> · <code>{trace_id.slice(0, 8)}</code>
              </small>
            </span>
          ),
        },
        { key: "start", title: "Start", cell: ({ start }) => <Time at={start} /> },
        { key: "agents", title: "Agents", cell: ({ agents }) => <Agents names={agents} /> },
        {
          key: "errors",
          title: "Errors",
          cell: ({ errors, findings }) => (
            <span class="badges">
              {errors > 0 && <Badge tone="bad">{plural(errors, "error")}</Badge>}
              {errors === 0 && findings === 0 && <span class="muted">none</span>}
              {findings > 0 && <Badge tone="warn">{plural(findings, "finding")}</Badge>}
            </span>
          ),
        },
        { key: "spans", title: "Spans", numeric: true, cell: ({ spans }) => whole(spans) },
        { key: "tokens", title: "Tokens", numeric: true, cell: ({ tokens }) => whole(tokens) },
        {
          key: "cost",
          title: "Cost",
          numeric: true,
          cell: ({ cost_usd, tokens, unpriced_calls, model_calls }) =>
            model_calls === 0 ? "–" : <CostText usd={cost_usd} tokens={tokens} unpriced={unpriced_calls} />,
        },
        {
          key: "duration",
          title: "Duration",
          numeric: true,
          cell: ({ duration_ms }) => duration(duration_ms),
        },
      ]}
    />
  );
}

function Agents({ names }: { readonly names: readonly string[] }) {
  if (names.length === 0) return <span class="muted">–</span>;
  const rest = names.length - AGENTS_SHOWN;
  return (
    <span class="agents" title={names.join(", ")}>
      {names.slice(0, AGENTS_SHOWN).map((name) => (
        <span key={name} class="agent small">
          <AgentDot name={name} />
          <bdi class="cut">{name}</bdi>
        </span>
      ))}
      {rest > 0 && <span class="muted">+{rest}</span>}
    </span>
  );
}
