import type { ConflictStrategy, StateConflict } from "./strategy.ts";

/**
 * Decides what is written. Called again where another write came meanwhile, so it should do nothing else. What it throws reaches the
 * writer, and nothing is written then.
 *
 * @returns Plain JSON; `undefined`, which deletes, only where one of both sides is deleted.
 */
export type ResolveConflict = (conflict: StateConflict) => unknown;

/** A strategy of the user. */
export function ownStrategy(resolve: ResolveConflict): ConflictStrategy {
  return {
    name: "function",
    needsBase: true,
    async resolve(conflict) {
      const value = await resolve(conflict);
      const mayDelete = conflict.current === undefined || conflict.attempted === undefined;
      // Mostly a `return` that was forgotten.
      if (value === undefined && !mayDelete)
        throw new TypeError(
          `sharedState: the strategy of ${JSON.stringify(conflict.key)} must return plain JSON, got undefined`,
        );
      return { kind: "combine", value };
    },
  };
}
