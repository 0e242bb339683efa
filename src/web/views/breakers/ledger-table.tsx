import type { LedgerLine } from "../../../server/api/agents.ts";
import { useHref } from "../../router/use-route.ts";
import { Badge, BreakerState } from "../../ui/badge.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Time } from "../../ui/facts.tsx";

function Cut({ text }: { readonly text: string }) {
  return (
    <bdi class="cut" title={text}>
      {text}
    </bdi>
  );
}

/** The ledger's rows have no ids here; what stands in one makes it this one. */
export function ledgerKey({ time, kind, breaker, from, to, error_type, trace_id }: LedgerLine): string {
  return [time, kind, breaker, from, to, error_type, trace_id].join(" ");
}

export function LedgerTable({ items }: { readonly items: readonly LedgerLine[] }) {
  const href = useHref();
  return (
    <DataTable
      caption="Ledger"
      rows={items}
      keyOf={ledgerKey}
      columns={[
        { key: "time", title: "Time", cell: ({ time }) => <Time at={time} /> },
        {
          key: "kind",
          title: "What",
          cell: ({ kind }) => (
            <Badge tone={kind === "failure" ? "bad" : "plain"}>{kind.replaceAll("_", " ")}</Badge>
          ),
        },
        { key: "breaker", title: "Breaker", cell: ({ breaker }) => <Cut text={breaker} /> },
        {
          key: "change",
          title: "Change",
          cell: ({ from, to }) =>
            to === null ? (
              "–"
            ) : (
              <span class="badges">
                {from !== null && <BreakerState state={from} />}
                <span class="muted">→</span>
                <BreakerState state={to} />
              </span>
            ),
        },
        {
          key: "reason",
          title: "Why",
          wide: true,
          cell: ({ reason, error_type }) => (
            <span class="error-text">
              {error_type !== null && (
                <strong>
                  <bdi>{error_type}</bdi>{" "}
                </strong>
              )}
              <bdi>{reason ?? ""}</bdi>
            </span>
          ),
        },
        { key: "actor", title: "Who", cell: ({ actor }) => <bdi>{actor ?? "–"}</bdi> },
        {
          key: "trace",
          title: "Trace",
          cell: ({ trace_id }) =>
            trace_id === null ? (
              "–"
            ) : (
              <a href={href(["traces", trace_id])}>
                <code>{trace_id.slice(0, 8)}</code>
              </a>
            ),
        },
      ]}
    />
  );
}
