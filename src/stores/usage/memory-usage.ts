import { addCalls, addRuns, at, noCalls, noRuns } from "./sums.ts";
import type {
  CallGroup,
  CallKey,
  CallRow,
  CallSums,
  ConversationRow,
  DayRange,
  RunGroup,
  RunRow,
  RunSums,
  UsageBatch,
  UsageStore,
} from "./usage-store.ts";

/** Usage of one process: gone when it ends. */
export function memoryUsage(): UsageStore {
  return new MemoryUsage();
}

class MemoryUsage implements UsageStore {
  readonly #calls = new Map<string, CallRow>();
  readonly #conversations = new Map<string, ConversationRow>();
  readonly #runs = new Map<string, RunRow>();

  async add({ calls, conversations, runs }: UsageBatch): Promise<void> {
    for (const row of calls) {
      const { day, agent, provider, model } = row;
      addCalls(
        at(this.#calls, [day, agent, provider, model], () => ({ day, agent, provider, model, ...noCalls() })),
        row,
      );
    }
    for (const row of conversations) {
      const { day, conversation } = row;
      addCalls(
        at(this.#conversations, [day, conversation], () => ({ day, conversation, ...noCalls() })),
        row,
      );
    }
    for (const row of runs) {
      const { day, kind, name, caller } = row;
      addRuns(
        at(this.#runs, [day, kind, name, caller], () => ({ day, kind, name, caller, ...noRuns() })),
        row,
      );
    }
  }

  async calls(by: CallKey, days: DayRange): Promise<readonly CallGroup[]> {
    const groups = callGroups(within(this.#calls, days), (row) => row[by]);
    return by === "day" ? groups.sort((a, b) => (a.key < b.key ? -1 : 1)) : dearestFirst(groups);
  }

  async conversations(days: DayRange, limit: number): Promise<readonly CallGroup[]> {
    const groups = callGroups(within(this.#conversations, days), (row) => row.conversation);
    return dearestFirst(groups).slice(0, limit);
  }

  async runs(kind: RunRow["kind"], by: "name" | "caller", days: DayRange): Promise<readonly RunGroup[]> {
    const groups = new Map<string, { readonly key: string } & RunSums>();
    for (const row of within(this.#runs, days)) {
      if (row.kind === kind)
        addRuns(
          at(groups, [row[by]], () => ({ key: row[by], ...noRuns() })),
          row,
        );
    }
    return [...groups.values()].sort(
      (a, b) => b.ownCostNanoUsd - a.ownCostNanoUsd || (a.key < b.key ? -1 : 1),
    );
  }

  async rows(days: DayRange): Promise<readonly CallRow[]> {
    return within(this.#calls, days);
  }

  async forget(before: string): Promise<void> {
    for (const rows of [this.#calls, this.#conversations, this.#runs]) {
      for (const [key, { day }] of rows) if (day < before) rows.delete(key);
    }
  }
}

function within<T extends { readonly day: string }>(
  rows: ReadonlyMap<string, T>,
  { from, to }: DayRange,
): T[] {
  return [...rows.values()].filter(({ day }) => day >= from && day <= to);
}

function callGroups<T extends CallSums>(rows: readonly T[], keyOf: (row: T) => string): CallGroup[] {
  const groups = new Map<string, CallGroup>();
  for (const row of rows)
    addCalls(
      at(groups, [keyOf(row)], () => ({ key: keyOf(row), ...noCalls() })),
      row,
    );
  return [...groups.values()];
}

function dearestFirst(groups: CallGroup[]): CallGroup[] {
  return groups.sort(
    (a, b) => b.costNanoUsd - a.costNanoUsd || b.calls - a.calls || (a.key < b.key ? -1 : 1),
  );
}
