import { useState } from "preact/hooks";
import type { BreakerRow, LedgerLine } from "../../server/api/agents.ts";
import { query } from "../data/paths.ts";
import { type Page, usePages } from "../data/use-pages.ts";
import { useResource } from "../data/use-resource.ts";
import { useRoute, useSetQuery } from "../router/use-route.ts";
import { Empty } from "../ui/empty.tsx";
import { SelectField } from "../ui/fields.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { MoreButton } from "../ui/more-button.tsx";
import { Panel } from "../ui/panel.tsx";
import { ViewHead } from "../ui/view-head.tsx";
import { BreakerTable } from "./breakers/breaker-table.tsx";
import { FailuresOverTime } from "./breakers/failures-over-time.tsx";
import { LedgerTable, ledgerKey } from "./breakers/ledger-table.tsx";
import { ResetDialog } from "./breakers/reset-dialog.tsx";
import { StateTimeline } from "./breakers/state-timeline.tsx";

/** Every breaker: its state, what led there, and a way back. */
export function BreakersView() {
  const { query: given } = useRoute();
  const setQuery = useSetQuery();
  const chosen = given.get("breaker") ?? undefined;
  const [reset, setReset] = useState<BreakerRow | undefined>();
  const breakers = useResource<{ readonly items: readonly BreakerRow[] }>("circuit-breakers");
  const transitions = useResource<Page<LedgerLine>>(
    `ledger${query({ kind: "transition", breaker: chosen, limit: "500" })}`,
  );
  const failures = useResource<Page<LedgerLine>>(
    `ledger${query({ kind: "failure", breaker: chosen, limit: "500" })}`,
  );
  const ledger = usePages<LedgerLine>("ledger", { breaker: chosen, limit: "25" }, ledgerKey);
  const names = breakers.data?.items.map(({ name }) => name) ?? [];
  return (
    <>
      <ViewHead title="Breakers">
        <SelectField
          label="Breaker"
          value={chosen ?? ""}
          options={[
            ["", "All breakers"],
            ...[...new Set([...names, ...(chosen ? [chosen] : [])])].map((name) => [name, name] as const),
          ]}
          onChange={(breaker) => setQuery({ breaker })}
        />
      </ViewHead>
      <Panel title="Now">
        <Loaded of={breakers} lines={6}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="No breakers">
                <p>
                  Put <code>circuitBreaker({'{ name: "research" }'})</code> around what may fail. Its state
                  and what it refused appear here.
                </p>
              </Empty>
            ) : (
              <BreakerTable
                items={items.filter(({ name }) => chosen === undefined || name === chosen)}
                reset={setReset}
              />
            )
          }
        </Loaded>
      </Panel>
      <div class="columns two">
        <Panel title="States over time" waiting={transitions.waiting}>
          <Loaded of={transitions} lines={5}>
            {({ items }) => <StateTimeline lines={items} breakers={breakers.data?.items ?? []} />}
          </Loaded>
        </Panel>
        <Panel title="Failures over time" waiting={failures.waiting}>
          <Loaded of={failures} lines={5}>
            {({ items }) => <FailuresOverTime lines={items} />}
          </Loaded>
        </Panel>
      </div>
      <Panel title="Ledger" waiting={ledger.waiting}>
        <Loaded of={ledger} lines={8}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="The ledger is empty">
                <p>
                  Failures and transitions of breakers are written down here once there is a shared ledger.
                </p>
              </Empty>
            ) : (
              <LedgerTable items={items} />
            )
          }
        </Loaded>
        <MoreButton of={ledger} />
      </Panel>
      {reset !== undefined && <ResetDialog breaker={reset} close={() => setReset(undefined)} />}
    </>
  );
}
