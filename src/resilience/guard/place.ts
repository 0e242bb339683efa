import { AsyncLocalStorage } from "node:async_hooks";
import type { GuardRun } from "./guard-run.ts";
import type { NodeCall } from "./node-call.ts";

/** Where a piece of code runs, as one guard sees it: in which run, whether somebody said so, and in which node. */
export interface Place {
  readonly guard: object;
  readonly run: GuardRun;
  readonly isSaid: boolean;
  readonly call: NodeCall | undefined;
  /** The place around it, of this guard or another one. */
  readonly outer: Place | undefined;
}

// One for all guards: a context carries an entry for each such storage that was ever used in it.
const places = new AsyncLocalStorage<Place>();

export function placeOf(guard: object): Place | undefined {
  let place = places.getStore();
  while (place !== undefined && place.guard !== guard) place = place.outer;
  return place;
}

export function inPlace<T>(place: Omit<Place, "outer">, fn: () => T): T {
  return places.run({ ...place, outer: outerOf(place.guard) }, fn);
}

/** Passes over places of the same guard, so that no chain grows with the depth of calls. */
function outerOf(guard: object): Place | undefined {
  const outer = places.getStore();
  return outer?.guard === guard ? outer.outer : outer;
}
