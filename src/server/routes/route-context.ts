import type { Prices } from "../../cost/prices.ts";
import type { AgentHealth } from "../../health/agent-health.ts";
import type { RollupRange, RollupRow } from "../../health/rollup/rollup-row.ts";
import type { Clock } from "../../internal/clock.ts";
import { Refusal } from "../problem/refusal.ts";
import type { AgentsSources, HealthSource, Page } from "../sources/sources.ts";

/** What all endpoints share. */
export interface RouteContext {
  readonly sources: AgentsSources;
  readonly health: Pick<HealthSource, "windowMs"> & {
    /** The worst first. */
    agents(): Promise<readonly AgentHealth[]>;
    /** Of one that was not called for so long that nobody judges it. */
    unknown(agent: string): AgentHealth;
  };
  readonly prices: Prices;
  readonly clock: Clock;
}

export function rowsOf({ sources }: RouteContext, range: RollupRange): Promise<readonly RollupRow[]> {
  return sources.rollups.rows(range);
}

/** Rows of model calls, from where they are kept for longest; of an hour there are no days. */
export function usageRowsOf({ sources }: RouteContext, range: RollupRange): Promise<readonly RollupRow[]> {
  const { usage = sources.rollups, rollups } = sources;
  return (range.sliceMs === 10_000 ? rollups : usage).rows(range);
}

/**
 * A source that not every place has.
 *
 * @param how Says where there is one, as "give agentsRouter a ledger".
 * @throws Refusal where there is none here.
 */
export function sourceOf<T>(source: T | undefined, what: string, how: string): T {
  if (source === undefined)
    throw new Refusal("not_available", `there are no ${what} to be read from here; ${how}`);
  return source;
}

/** A page as it is answered. */
export function pageOf<T>({ items, next }: Page<T>) {
  return { items: [...items], next_cursor: next ?? null };
}
