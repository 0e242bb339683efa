import type { GuardLike } from "../resilience/guard/random-graph.ts";

/**
 * A guard as one writes it at first: the names of the fields that may not be read, each with the time when it may be read again. It hands
 * out the state itself, and knows nothing of who has read what.
 */
export function guardOfNames(ttlMs: number, clock: { monotonic(): number }): GuardLike {
  const until = new Map<string, number>();
  const isHeld = (field: string): boolean => clock.monotonic() < (until.get(field) ?? 0);
  const hold = (field: string): unknown => until.set(field, clock.monotonic() + ttlMs);
  const view: GuardLike["view"] = (state) => {
    for (const field of Object.keys(state)) if (isHeld(field)) state[field] = null;
    return state;
  };
  return {
    protectNode(_name, { quarantineOnFailure = [], readsFrom = [] }, fn) {
      const failed = (error: unknown): never => {
        quarantineOnFailure.forEach(hold);
        throw error;
      };
      const worked = <T>(result: T): T => {
        for (const field of quarantineOnFailure) until.delete(field);
        return result;
      };
      return (state, plan) => {
        for (const field of readsFrom) if (isHeld(field)) state[field] = null;
        try {
          const result = fn(state, plan);
          return result instanceof Promise ? result.then(worked, failed) : worked(result);
        } catch (error) {
          return failed(error);
        }
      };
    },
    why: (field) => isHeld(field) || undefined,
    view,
    quarantine: hold,
    release: (field) => until.delete(field),
  };
}
