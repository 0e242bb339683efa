/** One window of a budget, at one time: `support day 1795219200000`. */
export interface BudgetWindow {
  /** Unique for scope, kind and start. */
  readonly key: string;
  /** Integer nano-dollars. */
  readonly limit: number;
  /** When it ends, milliseconds since the epoch: after that nothing asks for it. */
  readonly endMs: number;
}

export interface BudgetRequest {
  /** Chosen by the caller, unique. */
  readonly id: string;
  /** The most that the call may cost, integer nano-dollars. */
  readonly amount: number;
  /** It has to fit into each. */
  readonly windows: readonly BudgetWindow[];
  /** After so many milliseconds without an end the whole amount counts as spent: nobody knows what a process that died has spent. */
  readonly ttlMs: number;
}

export interface WindowUse {
  /** Integer nano-dollars. */
  readonly spent: number;
  /** Of calls under way. */
  readonly reserved: number;
}

/** `reserved`: with what is in each window now. `full`: the first window without room, and what is in it; nothing was reserved. */
export type BudgetAnswer =
  | { readonly kind: "reserved"; readonly use: readonly WindowUse[] }
  | { readonly kind: "full"; readonly window: number; readonly use: WindowUse };

/**
 * What was spent and reserved, window by window. Every method is one atomic step: two callers who ask at once cannot both have the last
 * dollar. What was spent outlives its caller.
 */
export interface BudgetStore {
  reserve(request: BudgetRequest): Promise<BudgetAnswer>;
  /**
   * Ends a reservation: `actual` is spent, the rest is free again. Only the first end of an id counts, save that one which had expired
   * as spent is put right.
   *
   * @param actual Integer nano-dollars, may be above what was reserved. 0 gives all of it back.
   * @returns What is in its windows now, in the order of the request; `undefined` where it had ended before, or was never there.
   */
  settle(id: string, actual: number): Promise<readonly WindowUse[] | undefined>;
  /** One for each key, in their order; zeros where nothing is known. */
  use(keys: readonly string[]): Promise<readonly WindowUse[]>;
}
