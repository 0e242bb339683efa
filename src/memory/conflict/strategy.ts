import type { StateConflictFacts } from "../../errors/state-conflict-error.ts";

/** What a strategy decides by. */
export interface StateConflict extends StateConflictFacts {
  /** The value that the writer had seen, where it is still known: a session keeps it, and a state its last 20 versions. */
  readonly base?: unknown;
}

export type Resolution =
  /** Nothing is written. */
  | { readonly kind: "keep" }
  /** The writer is told. */
  | { readonly kind: "reject" }
  /** What was to be written, whatever is there by then. */
  | { readonly kind: "overwrite" }
  /** `undefined` deletes. Only if what is there is still what was looked at; else it is decided again. */
  | { readonly kind: "combine"; readonly value: unknown };

/** What becomes of a write whose key somebody else has written since it was read. Has no state, and may be asked again. */
export interface ConflictStrategy {
  /** A metric label. */
  readonly name: string;
  /** Whether it looks at `base`. */
  readonly needsBase: boolean;
  resolve(conflict: StateConflict): Resolution | Promise<Resolution>;
}
