import { NotReachableError } from "../../errors/not-reachable-error.ts";
import type { BreakerStanding } from "../../stores/breakers/breaker-store.ts";
import type { BreakerRow } from "../api/agents.ts";
import type { BreakerSource } from "../sources/sources.ts";
import type { SharedPlace } from "./shared-place.ts";

const NOT_SHARED =
  "no running program shares this breaker: give it a store, as circuitBreaker({ name, store: sqliteStore() }), or reset it in its program";

/** For a program that has mounted agentsRouter(). */
function commandFor(name: string): string {
  const path = `/api/agents/circuit-breakers/${encodeURIComponent(name.toWellFormed())}/reset`;
  return `curl -X POST http://YOUR_APPLICATION${path} -H 'Authorization: Bearer TOKEN' -H 'Content-Type: application/json' -d '{}'`;
}

/** Breakers as telemetry tells of them, with what can be done about those that are shared. */
export function sharedBreakers(told: BreakerSource, place: SharedPlace): BreakerSource {
  return {
    async list() {
      const rows = await told.list();
      const standings = await lookAt(
        place,
        rows.map(({ name }) => name),
      );
      return rows.map((row) => withStanding(row, standings.get(row.name)));
    },
    async reset(name, actor) {
      const standing = (await lookAt(place, [name])).get(name);
      if (standing === undefined || standing.alive === 0) {
        const isKnown = (await told.list()).some((row) => row.name === name);
        if (isKnown) throw new NotReachableError(NOT_SHARED, commandFor(name));
        return undefined;
      }
      await place.breakers?.operate?.(name, "reset");
      place.ledger?.record({
        kind: "operator",
        subject: name,
        to: "closed",
        actor,
        payload: { action: "reset" },
      });
      return "closed";
    },
  };
}

async function lookAt(
  place: SharedPlace,
  names: readonly string[],
): Promise<ReadonlyMap<string, BreakerStanding>> {
  const store = place.breakers;
  if (names.length === 0 || store?.look === undefined) return new Map();
  return store.look(names);
}

/** An operator's state is at once in the store, and in the metrics only with the next export. */
function withStanding(row: BreakerRow, standing: BreakerStanding | undefined): BreakerRow {
  const resettable = standing !== undefined && standing.alive > 0;
  if (!resettable) return { ...row, resettable, reset_hint: commandFor(row.name) };
  const operated = standing.operator?.state;
  const state = operated === "forced_open" || operated === "disabled" ? operated : row.state;
  return { ...row, state, resettable, reset_hint: null };
}
