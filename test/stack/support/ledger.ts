/** What a workload says it did, counted by itself and not by the package. All keys are joined with "|". */
export interface Ledger {
  readonly traces: number;
  /** `caller|agent`, `agent|model`, `agent|tool`; the caller of a root is `user`. */
  readonly agentCalls: Counts;
  readonly agentFailures: Counts;
  readonly modelCalls: Counts;
  readonly modelFailures: Counts;
  readonly toolCalls: Counts;
  readonly toolFailures: Counts;
  /** `agent|model|type`, where type is input, output, cache_read, cache_write or reasoning. */
  readonly tokens: Counts;
  /** `agent|model`, integer nano-dollars. */
  readonly costNanoUsd: Counts;
}

export type Counts = Record<string, number>;

export function emptyLedger(): Ledger {
  return {
    traces: 0,
    agentCalls: {},
    agentFailures: {},
    modelCalls: {},
    modelFailures: {},
    toolCalls: {},
    toolFailures: {},
    tokens: {},
    costNanoUsd: {},
  };
}

export function add(counts: Counts, key: string, amount = 1): void {
  counts[key] = (counts[key] ?? 0) + amount;
}
