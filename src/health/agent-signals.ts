/** What counts per agent beside its calls, in the window that health looks at. */
export interface AgentSignals {
  /** Calls that were refused by breakers, rate limits, budgets and queues. */
  readonly rejections: number;
  /** Calls that a fallback answered. */
  readonly fallbacks: number;
  /** Reads that were answered without a quarantined field. */
  readonly quarantinedReads: number;
  /** The breaker of that name, as the state machine has it: `closed`, `open`, `half_open`, `forced_open`, `disabled`. */
  readonly breakerState: string | undefined;
}

export const NO_SIGNALS: AgentSignals = {
  rejections: 0,
  fallbacks: 0,
  quarantinedReads: 0,
  breakerState: undefined,
};
