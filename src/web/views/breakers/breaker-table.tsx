import type { BreakerRow } from "../../../server/api/agents.ts";
import { duration } from "../../format/duration.ts";
import { whole } from "../../format/numbers.ts";
import { BreakerState } from "../../ui/badge.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Time } from "../../ui/facts.tsx";

interface BreakerTableProps {
  readonly items: readonly BreakerRow[];
  readonly reset: (breaker: BreakerRow) => void;
}

export function BreakerTable({ items, reset }: BreakerTableProps) {
  return (
    <DataTable
      caption="Breakers"
      rows={items}
      keyOf={({ name }) => name}
      columns={[
        {
          key: "name",
          title: "Breaker",
          wide: true,
          cell: ({ name }) => <bdi>{name}</bdi>,
          sortBy: ({ name }) => name,
        },
        {
          key: "state",
          title: "State",
          cell: ({ state }) => <BreakerState state={state} />,
          sortBy: ({ state }) => state,
        },
        { key: "since", title: "Since", cell: ({ since }) => (since === null ? "–" : <Time at={since} />) },
        { key: "retry", title: "Tries again in", cell: ({ retry_after_ms }) => duration(retry_after_ms) },
        { key: "failures", title: "Failures", numeric: true, cell: ({ failures }) => known(failures) },
        { key: "successes", title: "Successes", numeric: true, cell: ({ successes }) => known(successes) },
        {
          key: "rejections",
          title: "Refused",
          numeric: true,
          cell: ({ rejections }) => known(rejections),
          sortBy: ({ rejections }) => rejections ?? -1,
        },
        {
          key: "actions",
          title: "Actions",
          cell: (breaker) => (
            <button
              type="button"
              class="button small"
              onClick={() => reset(breaker)}
              aria-label={`Reset breaker ${breaker.name}`}
            >
              Reset…
            </button>
          ),
        },
      ]}
    />
  );
}

/** What nobody has counted is not 0. */
function known(count: number | null): string {
  return count === null ? "–" : whole(count);
}
