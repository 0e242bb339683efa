import { LockLostError } from "../../errors/lock-lost-error.ts";
import { StateConflictError } from "../../errors/state-conflict-error.ts";
import { stateConflict } from "./state-events.ts";
import type { CommitOutcome, StateFacts, StateMetrics } from "./state-metrics.ts";
import type { StateSettings } from "./state-options.ts";
import type { StateWrite } from "./state-values.ts";

/** Counts since the state was made, of this process alone. */
export interface SharedStateStats {
  readonly name: string;
  /** As this process saw them last, deleted ones aside; `undefined` before it has looked. Without a store the number of now. */
  readonly keys: number | undefined;
  /** Writes and sessions that were written. */
  readonly commits: number;
  /** Keys that somebody else had written since they were read. */
  readonly conflicts: number;
  /** Commits that were refused for such a key. */
  readonly rejected: number;
  /** Commits that were sent again, since somebody else was quicker. */
  readonly retries: number;
  readonly locksHeld: number;
  /** Locks that somebody else had when they were asked for. */
  readonly lockWaits: number;
  readonly lockTimeouts: number;
}

/** What one state counts, and tells. */
export class StateReport {
  readonly #settings: StateSettings;
  readonly #metrics: StateMetrics;
  readonly #counts = { commits: 0, conflicts: 0, rejected: 0, retries: 0, lockWaits: 0, lockTimeouts: 0 };
  #seenKeys: number | undefined;
  locksHeld = 0;
  readonly #facts = (): StateFacts => ({ name: this.#settings.name, keys: this.#keys });

  constructor(settings: StateSettings, metrics: StateMetrics) {
    this.#settings = settings;
    this.#metrics = metrics;
    metrics.open(this.#facts);
  }

  committed(writes: readonly StateWrite[]): void {
    const outcome = outcomeOf(writes);
    if (outcome !== "kept") this.#counts.commits += 1;
    this.#metrics.committed(this.#settings.name, outcome);
    for (const write of writes) if (write.conflict !== undefined) this.#conflicted(write.key, write.outcome);
  }

  failed(error: unknown): void {
    const outcome = failureOf(error);
    this.#metrics.committed(this.#settings.name, outcome);
    if (outcome !== "rejected") return;
    this.#counts.rejected += 1;
    this.#conflicted((error as StateConflictError).key, outcome);
  }

  retried(): void {
    this.#counts.retries += 1;
    this.#metrics.retried(this.#settings.name);
  }

  /** @param keys How many there are. */
  saw(keys: number): void {
    this.#seenKeys = keys;
  }

  lockWaited(): void {
    this.#counts.lockWaits += 1;
  }

  lockTimedOut(): void {
    this.#counts.lockTimeouts += 1;
    this.#metrics.lockTimedOut(this.#settings.name);
  }

  stats(): SharedStateStats {
    return { name: this.#settings.name, keys: this.#keys, locksHeld: this.locksHeld, ...this.#counts };
  }

  get #keys(): number | undefined {
    return this.#settings.size?.() ?? this.#seenKeys;
  }

  #conflicted(key: string, outcome: string): void {
    const { name, strategies } = this.#settings;
    const strategy = strategies.of(key).name;
    this.#counts.conflicts += 1;
    this.#metrics.conflicted(name, strategy);
    stateConflict(name, key, strategy, outcome);
  }
}

function outcomeOf(writes: readonly StateWrite[]): CommitOutcome {
  const outcomes = writes.map(({ outcome }) => outcome);
  if (outcomes.every((outcome) => outcome === "kept")) return "kept";
  return outcomes.includes("merged") ? "merged" : "written";
}

function failureOf(error: unknown): CommitOutcome {
  if (error instanceof StateConflictError) return "rejected";
  return error instanceof LockLostError ? "fenced" : "failed";
}
