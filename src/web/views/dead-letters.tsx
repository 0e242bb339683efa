import { useState } from "preact/hooks";
import type { DeadLetterRow } from "../../server/api/agents.ts";
import { usePages } from "../data/use-pages.ts";
import { whole } from "../format/numbers.ts";
import { useRoute, useSetQuery } from "../router/use-route.ts";
import { Badge } from "../ui/badge.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { Empty } from "../ui/empty.tsx";
import { Time } from "../ui/facts.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { MoreButton } from "../ui/more-button.tsx";
import { Panel } from "../ui/panel.tsx";
import { SearchField } from "../ui/search-field.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { ViewHead } from "../ui/view-head.tsx";
import { ReplayDialog, ResolveDialog } from "./letters/letter-dialogs.tsx";

interface Asked {
  readonly what: "replay" | "resolve";
  readonly letter: DeadLetterRow;
}

/** Tasks that nobody could do, and what to do about each. */
export function DeadLettersView() {
  const { query } = useRoute();
  const setQuery = useSetQuery();
  const [asked, setAsked] = useState<Asked | undefined>();
  const resolved = query.get("resolved") === "true";
  const queue = query.get("queue") ?? undefined;
  const letters = usePages<DeadLetterRow>(
    "dead-letters",
    { resolved: String(resolved), queue },
    ({ queue, id }) => `${queue} ${id}`,
  );
  const close = () => setAsked(undefined);
  return (
    <>
      <ViewHead title="Dead letters">
        <Segmented
          label="State"
          options={[
            ["false", "Open"],
            ["true", "Resolved"],
          ]}
          value={resolved ? "true" : "false"}
          onChange={(value) => setQuery({ resolved: value === "true" ? value : undefined })}
        />
      </ViewHead>
      <search class="filters">
        <SearchField
          label="Name of a queue"
          value={queue ?? ""}
          onChange={(text) => setQuery({ queue: text })}
        />
      </search>
      <Panel title={resolved ? "Resolved" : "Open"} waiting={letters.waiting}>
        <Loaded of={letters} lines={8}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title={queue === undefined ? "No dead letters" : "No dead letters in this queue"}>
                <p>
                  A task that fails for good in a <code>deadLetterQueue</code> waits here, to be replayed or
                  resolved.
                </p>
              </Empty>
            ) : (
              <Letters items={items} ask={setAsked} />
            )
          }
        </Loaded>
        <MoreButton of={letters} />
      </Panel>
      {asked?.what === "replay" && <ReplayDialog letter={asked.letter} close={close} />}
      {asked?.what === "resolve" && <ResolveDialog letter={asked.letter} close={close} />}
    </>
  );
}

interface LettersProps {
  readonly items: readonly DeadLetterRow[];
  readonly ask: (asked: Asked) => void;
}

function Letters({ items, ask }: LettersProps) {
  return (
    <DataTable
      caption="Dead letters"
      rows={items}
      keyOf={({ queue, id }) => `${queue} ${id}`}
      columns={[
        {
          key: "task",
          title: "Task",
          cell: ({ queue, task_type, id }) => (
            <span class="two-lines">
              <bdi class="cut" title={task_type}>
                {task_type}
              </bdi>
              <small class="muted cut">
                <bdi>{queue}</bdi> · <code title={id}>{id.slice(0, 8)}</code>
              </small>
            </span>
          ),
        },
        {
          key: "error",
          title: "Why",
          wide: true,
          cell: ({ reason, error, trace_id }) => (
            <span class="two-lines">
              <span>
                <Badge tone="bad">{reason.replaceAll("_", " ")}</Badge>{" "}
                {trace_id !== null && (
                  <a class="underlined" href={`#/traces/${encodeURIComponent(trace_id)}`}>
                    trace
                  </a>
                )}
              </span>
              {error !== null && (
                <small class="error-text">
                  <bdi>{error}</bdi>
                </small>
              )}
            </span>
          ),
        },
        { key: "attempts", title: "Attempts", numeric: true, cell: ({ attempts }) => whole(attempts) },
        { key: "replays", title: "Replays", numeric: true, cell: ({ replays }) => whole(replays) },
        { key: "failed", title: "Last failed", cell: ({ last_failed }) => <Time at={last_failed} /> },
        {
          key: "actions",
          title: "Actions",
          cell: (letter) =>
            letter.resolved ? (
              <bdi class="muted">{letter.resolution ?? "resolved"}</bdi>
            ) : (
              <span class="actions">
                {letter.replay_requested ? (
                  <Badge tone="info">replay asked for</Badge>
                ) : (
                  <button type="button" class="button small" onClick={() => ask({ what: "replay", letter })}>
                    Replay
                  </button>
                )}
                <button type="button" class="button small" onClick={() => ask({ what: "resolve", letter })}>
                  Resolve
                </button>
              </span>
            ),
        },
      ]}
    />
  );
}
