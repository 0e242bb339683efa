import type { Failure } from "../../../server/api/agents.ts";
import { useHref } from "../../router/use-route.ts";
import { AgentLink } from "../../ui/agent-name.tsx";
import { Badge } from "../../ui/badge.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Time } from "../../ui/facts.tsx";
import { inOneLine } from "./in-one-line.ts";

/** What makes a finding this one and no other. */
export function findingKey({ trace_id, span_id, mode, time }: Failure): string {
  return `${trace_id} ${span_id} ${mode} ${time}`;
}

export function FindingTable({
  caption,
  items,
}: {
  readonly caption: string;
  readonly items: readonly Failure[];
}) {
  const href = useHref();
  return (
    <DataTable
      caption={caption}
      rows={items}
      keyOf={findingKey}
      columns={[
        {
          key: "mode",
          title: "Failure mode",
          cell: ({ mode }) => <Badge tone="warn">{mode.replaceAll("_", " ")}</Badge>,
        },
        { key: "agent", title: "Agent", cell: ({ agent }) => <AgentLink name={agent} /> },
        { key: "time", title: "Time", cell: ({ time }) => <Time at={time} /> },
        {
          key: "evidence",
          title: "Evidence",
          wide: true,
          cell: ({ evidence }) => (
            <dl class="evidence">
              {Object.entries(evidence).map(([key, value]) => (
                <div key={key}>
                  <dt>{key.replaceAll("_", " ")}</dt>
                  <dd>
                    <bdi>{inOneLine(value)}</bdi>
                  </dd>
                </div>
              ))}
            </dl>
          ),
        },
        { key: "action", title: "Action", cell: ({ action }) => action },
        {
          key: "trace",
          title: "Trace",
          cell: ({ trace_id, span_id }) => (
            <a href={href(["traces", trace_id], { span: span_id })}>
              <code>{trace_id.slice(0, 8)}</code>
            </a>
          ),
        },
      ]}
    />
  );
}
