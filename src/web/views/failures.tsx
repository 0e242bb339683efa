import type { Failure } from "../../server/api/agents.ts";
import { usePages } from "../data/use-pages.ts";
import { daysAgo } from "../format/days-ago.ts";
import { whole } from "../format/numbers.ts";
import { useRoute, useSetQuery } from "../router/use-route.ts";
import { Empty } from "../ui/empty.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { MoreButton } from "../ui/more-button.tsx";
import { Panel } from "../ui/panel.tsx";
import { ViewHead } from "../ui/view-head.tsx";
import { FindingTable, findingKey } from "./shared/finding-table.tsx";

const DAYS = 7;

/** What the detectors of failure modes have found. */
export function FailuresView() {
  const { query } = useRoute();
  const setQuery = useSetQuery();
  const mode = query.get("mode") ?? undefined;
  const agent = query.get("agent") ?? undefined;
  const from = daysAgo(DAYS, Date.now());
  const all = usePages<Failure>("failures", { agent, from, limit: "500" }, findingKey);
  const found = usePages<Failure>("failures", { mode, agent, from }, findingKey);
  const modes = countsByMode(all.data?.items ?? []);
  return (
    <>
      <ViewHead title="Failures" />
      {modes.length > 0 && (
        <section aria-label="By mode" class="chips">
          <Chip text="All modes" on={mode === undefined} choose={() => setQuery({ mode: undefined })} />
          {modes.map(([name, count]) => (
            <Chip
              key={name}
              text={name.replaceAll("_", " ")}
              count={count}
              on={mode === name}
              choose={() => setQuery({ mode: name })}
            />
          ))}
          {agent !== undefined && (
            <button type="button" class="button quiet" onClick={() => setQuery({ agent: undefined })}>
              Agent <bdi>{agent}</bdi> ×
            </button>
          )}
        </section>
      )}
      <Panel title={`Findings of the last ${DAYS} days`} waiting={found.waiting}>
        <Loaded of={found} lines={8}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="No detector has found anything">
                <p>
                  Detectors look at the structure of runs: repeated steps, runs that go on past their goal,
                  runs that end too early, results that nobody checked. To tell them more, say what agents may
                  do:
                </p>
                <p>
                  <code>agent("reviewer", run, {'{ tools: ["search"], verifies: ["writer"] }'})</code>
                </p>
              </Empty>
            ) : (
              <FindingTable caption="Findings" items={items} />
            )
          }
        </Loaded>
        <MoreButton of={found} />
      </Panel>
    </>
  );
}

interface ChipProps {
  readonly text: string;
  readonly count?: number;
  readonly on: boolean;
  readonly choose: () => void;
}

function Chip({ text, count, on, choose }: ChipProps) {
  return (
    <button type="button" class={on ? "chip on" : "chip"} aria-pressed={on} onClick={choose}>
      {text} {count !== undefined && <b>{whole(count)}</b>}
    </button>
  );
}

function countsByMode(items: readonly Failure[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { mode } of items) counts.set(mode, (counts.get(mode) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one);
}
