/** One version of a key, with who wrote it. */
export interface StateEntry {
  readonly key: string;
  /** From 1, one more with each write; goes on when a key is deleted and made again. */
  readonly version: number;
  /** JSON; `undefined`: deleted. */
  readonly text: string | undefined;
  readonly agent: string;
  /** Milliseconds since the epoch, by the writer's clock: to show, never to decide by. */
  readonly atMs: number;
}

export interface StateChange {
  readonly key: string;
  /** JSON; `undefined` deletes. To delete what is not there changes nothing, its version neither. */
  readonly text: string | undefined;
  readonly agent: string;
  /** The version that it replaces, 0 where there was none; `undefined`: whatever is there. */
  readonly expected: number | undefined;
}

/** A version that must still be the current one. 0: the key was never there. */
export interface StateCheck {
  readonly key: string;
  readonly version: number;
}

/** A lock that must not have passed to another holder since. */
export interface StateFence {
  readonly key: string;
  readonly fence: number;
}

export interface StateCommit {
  readonly space: string;
  /** Each key at most once. */
  readonly changes: readonly StateChange[];
  /** Keys that were only read. */
  readonly checks: readonly StateCheck[];
  /** All keys that were there, where they were listed: there may be no other now, and none less. */
  readonly listed: readonly string[] | undefined;
  readonly fences: readonly StateFence[];
  /** Keys that the space may have afterwards, deleted ones aside, where it gets new ones. */
  readonly maxKeys: number;
  readonly atMs: number;
}

export type StateAnswer =
  /** All of it, with the new version of each change. */
  | { readonly kind: "committed"; readonly versions: readonly number[] }
  /** Nothing of it: these keys have another version than was expected, in the order of changes, checks and then what was listed. */
  | { readonly kind: "conflict"; readonly current: readonly StateEntry[] }
  /** Nothing of it: somebody else has, or had, the lock of this key. */
  | { readonly kind: "fenced"; readonly key: string }
  /** Nothing of it: the space has so many keys already. */
  | { readonly kind: "full"; readonly keys: number };

export type LockAnswer =
  /** `fence` is larger than that of every holder before. */
  | { readonly kind: "locked"; readonly fence: number }
  | { readonly kind: "held"; readonly owner: string; readonly forMs: number };

/** Versions that are kept of each key. */
export const KEPT_VERSIONS = 20;
/** The longest lease of a lock, milliseconds. */
export const MAX_LEASE_MS = 86_400_000;

/** Shared state: keys with versions, in spaces that know nothing of each other. Every method is one atomic step. */
export interface StateStore {
  /** In the order of the keys; `undefined`: never there. A deleted one has its version. */
  read(space: string, keys: readonly string[]): Promise<readonly (StateEntry | undefined)[]>;
  /** All of one moment that are not deleted, sorted by key. */
  snapshot(space: string): Promise<readonly StateEntry[]>;
  /** All of it or nothing. A conflict of a key that was never there and is expected to be has version 0 and no text. */
  commit(commit: StateCommit): Promise<StateAnswer>;
  /** The last versions of a key, the newest first, `KEPT_VERSIONS` at most. */
  history(space: string, key: string): Promise<readonly StateEntry[]>;
  /**
   * Free, or its lease is over, or the same owner has it already (who keeps his fence and gets a new lease). A lease that would end later
   * than `MAX_LEASE_MS` from now is that of a clock which was set back, and over.
   */
  lock(space: string, key: string, owner: string, leaseMs: number): Promise<LockAnswer>;
  /** Whether it is still the holder's, who then has it for `leaseMs` from now. */
  extend(space: string, key: string, fence: number, leaseMs: number): Promise<boolean>;
  /** Whether it was still the holder's. */
  unlock(space: string, key: string, fence: number): Promise<boolean>;
}
