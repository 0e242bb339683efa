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
}
