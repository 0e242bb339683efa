/** What an operator does to every breaker of a name. `reset` ends the other two, and closes what is open. */
export type OperatorState = "forced_open" | "disabled" | "reset";

/** Told in the background what others do. What it throws is reported, and changes nothing. */
export interface BreakerListener {
  /** An operator did this elsewhere. Apply it here, and do not hand it in again. */
  operated(state: OperatorState): void;
  /**
   * Advice to open sooner than usual, while `on`. Never a reason to open by itself: what does not fail here stays closed. It ends by
   * itself where the store falls silent.
   */
  hurried(on: boolean): void;
}

/** One breaker's place among those of its name. No method waits, and none throws. */
export interface SharedBreaker {
  /** Attempts to reach the store that failed since it joined. */
  readonly storeFailures: number;
  /**
   * Hands in what an operator did here, so that every process does it. Tried again until it is stored, or until a newer action of
   * an operator, here or elsewhere, takes its place. The process stays alive for it for two seconds at most.
   */
  operated(state: OperatorState): void;
  /** Advises the others that this breaker has opened by itself. @param openMs Milliseconds until it lets a trial call through. */
  opened(openMs: number): void;
  /** Takes that advice back. */
  closed(): void;
  /** Ends its part. Without it, it ends when the listener is garbage. */
  leave(): void;
}

/** The breakers of one name, as seen from outside. */
export interface BreakerStanding {
  /** How many there are that live. */
  readonly alive: number;
  /** How many of them are open by themselves, and the longest of their times, in milliseconds. */
  readonly open: number;
  readonly openMs: number;
  /** What an operator did last, and how long ago, in milliseconds. */
  readonly operator: { readonly state: OperatorState; readonly ageMs: number } | undefined;
}

/**
 * The state of breakers that several processes share. Everything happens in the background; while the store is down each breaker
 * goes on by itself, which is said once.
 */
export interface BreakerStore {
  /** Attempts to reach the store that failed. */
  readonly storeFailures: number;
  /**
   * Takes part under a name. Breakers of one name are one group, whatever process they are in.
   *
   * @param listener Held weakly: it is told as long as the caller keeps it.
   */
  join(name: string, listener: BreakerListener): SharedBreaker;
  /** For who has no breaker there. @returns One for each name. @throws what the database throws, at most five seconds later. */
  look?(names: readonly string[]): Promise<ReadonlyMap<string, BreakerStanding>>;
  /** Does to the breakers of a name what an operator does, from outside, and waits until it is stored. @throws as `look`. */
  operate?(name: string, state: OperatorState): Promise<void>;
}
