/** Model calls added up. Tokens as the providers billed them; parts are of their whole. */
export interface CallSums {
  calls: number;
  errors: number;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  reasoningTokens: number;
  /** Integer nano-dollars, of the calls whose price is known. */
  costNanoUsd: number;
  /** Calls with tokens whose price is not known. */
  unpricedCalls: number;
}

/** Runs of agents or workflows added up: their own model calls, and those of all that they called. */
export interface RunSums {
  runs: number;
  errors: number;
  ownCalls: number;
  ownTokens: number;
  ownCostNanoUsd: number;
  subtreeCalls: number;
  subtreeTokens: number;
  subtreeCostNanoUsd: number;
}

/** Model calls of one day, by who made them and of whom. An empty text: not known. */
export interface CallRow extends CallSums {
  /** `2026-11-21`, in the time zone of the totals. */
  readonly day: string;
  readonly agent: string;
  readonly provider: string;
  readonly model: string;
}

/** Model calls of one conversation on one day. */
export interface ConversationRow extends CallSums {
  readonly day: string;
  readonly conversation: string;
}

export interface RunRow extends RunSums {
  readonly day: string;
  readonly kind: "agent" | "workflow";
  readonly name: string;
  /** Empty at the root of a request. */
  readonly caller: string;
}

/** What was counted since the last time: added to what is stored. */
export interface UsageBatch {
  readonly calls: readonly CallRow[];
  readonly conversations: readonly ConversationRow[];
  readonly runs: readonly RunRow[];
}

export type CallKey = "agent" | "provider" | "model" | "day";

export interface CallGroup extends CallSums {
  readonly key: string;
}

export interface RunGroup extends RunSums {
  readonly key: string;
}

/** First and last day, both included. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/** Usage, day by day. */
export interface UsageStore {
  /**
   * In one step: all of it or nothing.
   *
   * @param last The process ends: what is not written in this turn is lost, also what was handed in before and still waits.
   */
  add(batch: UsageBatch, last?: boolean): Promise<void>;
  /** Sums by one key, the dearest first (by day: the earliest first). */
  calls(by: CallKey, days: DayRange): Promise<readonly CallGroup[]>;
  /** @param limit Most to give: the dearest. */
  conversations(days: DayRange, limit: number): Promise<readonly CallGroup[]>;
  runs(kind: RunRow["kind"], by: "name" | "caller", days: DayRange): Promise<readonly RunGroup[]>;
  /** Each combination of agent, provider and model: what a price of another model needs. */
  rows(days: DayRange): Promise<readonly CallRow[]>;
  /** Takes out all days before this one. */
  forget(before: string): Promise<void>;
}
