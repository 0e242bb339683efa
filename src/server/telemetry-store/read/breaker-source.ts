import { NotReachableError } from "../../../errors/not-reachable-error.ts";
import type { Clock } from "../../../internal/clock.ts";
import * as names from "../../../telemetry/semconv.ts";
import type { BreakerRow } from "../../api/agents.ts";
import type { BreakerSource } from "../../sources/sources.ts";
import type { Statements } from "../statements.ts";
import { current, latest, type SeriesValue, seriesOf } from "./series-reader.ts";

// Of a breaker whose last transition is further back than that, the metrics tell.
const TRANSITIONS = `SELECT breaker, to_state, max(time_us) AS time_us FROM (
    SELECT breaker, to_state, time_us FROM breaker_events WHERE kind = 'transition' ORDER BY time_us DESC LIMIT 5000
  ) WHERE to_state IS NOT NULL GROUP BY breaker`;
/** Where processes differ, the one that refuses most is shown. */
const SEVERITY = ["forced_open", "open", "half_open", "disabled", "closed"];
const HINT =
  "The breaker is in a process that shares no store with this one: call reset() there, or give both the same store.";

interface State {
  readonly state: string;
  readonly sinceMs: number;
  readonly timeMs: number;
}

/** Breakers as the metrics and events of the programs tell of them. They can be looked at from here, not reset. */
export function breakerSource(statements: Statements, clock: Clock): BreakerSource {
  const list = (): readonly BreakerRow[] => rowsOf(statements, clock.now());
  return {
    list: async () => list(),
    async reset(name) {
      if (!list().some((row) => row.name === name)) return undefined;
      throw new NotReachableError(`Breaker ${JSON.stringify(name)} cannot be reset from here. ${HINT}`);
    },
  };
}

/** A breaker whose process has not been heard of for a while is left out, unless an event told of it since. */
function rowsOf(statements: Statements, nowMs: number): readonly BreakerRow[] {
  const states = new Map<string, State>();
  const lastHeardMs = new Map<string, number>();
  for (const [name, values] of byBreaker(seriesOf(statements, names.METRIC_BREAKER_STATE))) {
    const heardMs = Math.max(...values.map(({ timeMs }) => timeMs));
    lastHeardMs.set(name, heardMs);
    const state = stateOf(current(values, nowMs));
    if (state !== undefined) states.set(name, state);
  }
  for (const row of statements.get(TRANSITIONS).all()) {
    const timeMs = Number(row["time_us"]) / 1e3;
    const name = String(row["breaker"]);
    // Events arrive with their span, metrics once in a while.
    if (timeMs > (lastHeardMs.get(name) ?? 0))
      states.set(name, { state: String(row["to_state"]), sinceMs: timeMs, timeMs });
  }
  const rejections = byBreaker(seriesOf(statements, names.METRIC_BREAKER_REJECTIONS));
  return [...states]
    .map(([name, state]) => rowOf(name, state, rejections.get(name)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function rowOf(name: string, { state, sinceMs }: State, rejections: readonly SeriesValue[] = []): BreakerRow {
  return {
    name,
    state,
    since: new Date(sinceMs).toISOString(),
    retry_after_ms: null,
    failures: null,
    successes: null,
    rejections: Math.round(rejections.reduce((sum, { value }) => sum + Math.max(0, value), 0)),
    resettable: false,
    reset_hint: HINT,
  };
}

function stateOf(values: readonly SeriesValue[]): State | undefined {
  return latest(values)
    .filter(({ value }) => value === 1)
    .map(({ attributes, sinceMs, timeMs }) => ({
      state: String(attributes[names.ATTR_BREAKER_STATE] ?? ""),
      sinceMs,
      timeMs,
    }))
    .sort((a, b) => severity(a.state) - severity(b.state))[0];
}

/** A state that this version does not know comes last. */
function severity(state: string): number {
  const index = SEVERITY.indexOf(state);
  return index < 0 ? SEVERITY.length : index;
}

function byBreaker(values: readonly SeriesValue[]): ReadonlyMap<string, readonly SeriesValue[]> {
  return Map.groupBy(values, ({ attributes }) => String(attributes[names.ATTR_BREAKER_NAME] ?? ""));
}
