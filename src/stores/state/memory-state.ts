import { type Clock, systemClock } from "../../internal/clock.ts";
import { byKey, unlikeKeys } from "./key-order.ts";
import {
  KEPT_VERSIONS,
  type LockAnswer,
  type StateAnswer,
  type StateCommit,
  type StateEntry,
  type StateStore,
} from "./state-store.ts";

interface Lock {
  /** `undefined`: nobody. */
  readonly owner: string | undefined;
  readonly fence: number;
  /** Monotonic. */
  readonly endMs: number;
}

interface Space {
  /** Of each key its versions, the newest first. */
  readonly versions: Map<string, readonly StateEntry[]>;
  readonly locks: Map<string, Lock>;
  /** Keys that are not deleted. */
  readonly keys: Set<string>;
}

/** Shared state of one process: gone when it ends. */
export function memoryState(clock: Pick<Clock, "monotonic"> = systemClock): MemoryState {
  return new MemoryState(clock);
}

export class MemoryState implements StateStore {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #spaces = new Map<string, Space>();

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** How many keys are not deleted. */
  size(space: string): number {
    return this.#at(space).keys.size;
  }

  async read(space: string, keys: readonly string[]): Promise<readonly (StateEntry | undefined)[]> {
    return keys.map((key) => current(this.#at(space), key));
  }

  async snapshot(space: string): Promise<readonly StateEntry[]> {
    const found = this.#at(space);
    return [...found.keys].map((key) => current(found, key)!).sort(byKey);
  }

  async commit(commit: StateCommit): Promise<StateAnswer> {
    const space = this.#at(commit.space);
    const lost = commit.fences.find(({ key, fence }) => space.locks.get(key)?.fence !== fence);
    if (lost !== undefined) return { kind: "fenced", key: lost.key };
    const others = conflicts(space, commit);
    if (others.length > 0) return { kind: "conflict", current: others };
    const added = commit.changes.reduce((sum, { key, text }) => sum + growth(space, key, text), 0);
    if (added > 0 && space.keys.size + added > commit.maxKeys) return { kind: "full", keys: space.keys.size };
    const versions = commit.changes.map(({ key, text, agent }) =>
      put(space, { key, text, agent, atMs: commit.atMs }),
    );
    return { kind: "committed", versions };
  }

  async history(space: string, key: string): Promise<readonly StateEntry[]> {
    return this.#at(space).versions.get(key) ?? [];
  }

  async lock(space: string, key: string, owner: string, leaseMs: number): Promise<LockAnswer> {
    const { locks } = this.#at(space);
    const nowMs = this.#clock.monotonic();
    const lock = locks.get(key);
    const isOurs = lock?.owner === owner;
    if (lock?.owner !== undefined && !isOurs && lock.endMs > nowMs)
      return { kind: "held", owner: lock.owner, forMs: lock.endMs - nowMs };
    const fence = isOurs ? lock.fence : (lock?.fence ?? 0) + 1;
    locks.set(key, { owner, fence, endMs: nowMs + leaseMs });
    return { kind: "locked", fence };
  }

  async extend(space: string, key: string, fence: number, leaseMs: number): Promise<boolean> {
    const { locks } = this.#at(space);
    const lock = locks.get(key);
    if (lock?.owner === undefined || lock.fence !== fence) return false;
    locks.set(key, { ...lock, endMs: this.#clock.monotonic() + leaseMs });
    return true;
  }

  async unlock(space: string, key: string, fence: number): Promise<boolean> {
    const { locks } = this.#at(space);
    const lock = locks.get(key);
    if (lock?.owner === undefined || lock.fence !== fence) return false;
    locks.set(key, { ...lock, owner: undefined });
    return true;
  }

  #at(name: string): Space {
    let space = this.#spaces.get(name);
    if (space === undefined) {
      space = { versions: new Map(), locks: new Map(), keys: new Set() };
      this.#spaces.set(name, space);
    }
    return space;
  }
}

function current(space: Space, key: string): StateEntry | undefined {
  return space.versions.get(key)?.[0];
}

function conflicts(space: Space, { changes, checks, listed, atMs }: StateCommit): readonly StateEntry[] {
  const expected = [
    ...changes.map(({ key, expected: version }) => ({ key, version })),
    ...checks,
    ...(listed === undefined ? [] : unlikeKeys([...space.keys], listed)).map((key) => ({ key, version: -1 })),
  ];
  return expected
    .filter(({ key, version }) => version !== undefined && version !== (current(space, key)?.version ?? 0))
    .map(({ key }) => current(space, key) ?? { key, version: 0, text: undefined, agent: "", atMs });
}

/** How many keys more there are by a change. */
function growth({ keys }: Space, key: string, text: string | undefined): number {
  return Number(text !== undefined) - Number(keys.has(key));
}

/** @returns The version that it has then. */
function put(space: Space, entry: Omit<StateEntry, "version">): number {
  const { key, text } = entry;
  const version = current(space, key)?.version ?? 0;
  if (text === undefined && !space.keys.delete(key)) return version;
  if (text !== undefined) space.keys.add(key);
  const before = space.versions.get(key) ?? [];
  space.versions.set(key, [{ ...entry, version: version + 1 }, ...before].slice(0, KEPT_VERSIONS));
  return version + 1;
}
