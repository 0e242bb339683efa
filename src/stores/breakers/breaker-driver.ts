import type { OperatorState } from "./breaker-store.ts";

/** What an operator did last to the breakers of one name. */
export interface OperatorRecord {
  readonly state: OperatorState;
  /** When it was done, in milliseconds of the store's clock, so that those of processes need not agree; at least one more than before. */
  readonly version: number;
  /** Milliseconds since then. */
  readonly ageMs: number;
  /** The instance that did it. */
  readonly by: string;
}

export interface OperatorAction extends Pick<OperatorRecord, "state" | "by"> {
  /** Milliseconds since it was done. Asked when it is sent: to connect may take longer than an operator to think again. */
  ageMs(): number;
  /** The highest version that was known where it was done; 0 for none. It comes after that in any case. */
  readonly seen: number;
}

/** A breaker that lives: it has said so within its time to live. */
export interface Instance {
  readonly instance: string;
  /** Milliseconds that it stays open; 0 where it is not open. */
  readonly openMs: number;
}

/** A sign of life. */
export interface Beat extends Instance {
  readonly name: string;
  /** Whether it has opened or closed since the last one, so that others had better look. */
  readonly changed: boolean;
}

/** Everything that is stored under one name. */
export interface StoredBreaker {
  /** `undefined` where no operator has done anything yet. */
  readonly operator: OperatorRecord | undefined;
  readonly instances: readonly Instance[];
}

export interface Hearing {
  /** Something under this name has changed. */
  changed(name: string): void;
  /** Something may have changed unheard: the connection was gone, or the store does not say what. */
  missed(): void;
}

/**
 * How one database keeps breaker state. A driver connects when first used and again after a failure; it waits for nothing longer
 * than seconds, tries nothing twice, and every method but `close` may reject. When to try again is not its business.
 */
export interface BreakerDriver {
  /** Which database, as it may be shown: no password in it. */
  readonly name: string;
  /**
   * Stores an action, in one step. Unless another instance has done something since: what was done later wins, whatever arrives
   * first, to within the time that a request takes. A version in the future, after a clock was set back, wins over nothing.
   *
   * @returns What is stored then.
   */
  operate(name: string, action: OperatorAction): Promise<OperatorRecord>;
  /** Puts back what the database has lost, with its version, unless that or a newer one is there. In one step. */
  restore(name: string, record: Omit<OperatorRecord, "ageMs">): Promise<void>;
  /** @param ttlMs How long each counts as alive, milliseconds. */
  beat(beats: readonly Beat[], ttlMs: number): Promise<void>;
  /** Takes instances out at once. */
  leave(instances: readonly { readonly name: string; readonly instance: string }[]): Promise<void>;
  /** Makes nothing that is not there. @returns One for each name. */
  read(names: readonly string[]): Promise<ReadonlyMap<string, StoredBreaker>>;
  /** Tells of changes until `close`. Called once. */
  listen(hearing: Hearing): Promise<void>;
  /** Safe to call twice. */
  close(): Promise<void>;
}
