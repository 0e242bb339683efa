import type { BreakerStore } from "./breakers/breaker-store.ts";
import type { BudgetStore } from "./budgets/budget-store.ts";
import type { CheckpointStore } from "./checkpoints/checkpoint-store.ts";
import type { DeadLetterStore } from "./letters/dead-letter-store.ts";
import type { RateLimitStore } from "./rate-limits/rate-limit-store.ts";
import type { StateStore } from "./state/state-store.ts";
import type { UsageStore } from "./usage/usage-store.ts";

/**
 * What several processes share: one database, opened when first used. Each member is one ability; one that a database lacks is left out.
 */
export interface Store {
  /** Which database, as it may be shown: no password in it. */
  readonly name: string;
  /** The state of breakers. */
  readonly breakers: BreakerStore;
  /** Rate limits. */
  readonly rateLimits?: RateLimitStore;
  /** Money that is spent and reserved. */
  readonly budgets?: BudgetStore;
  /** Totals of usage. */
  readonly usage?: UsageStore;
  /** Shared state of agents. */
  readonly state?: StateStore;
  /** Checkpoints of workflows. */
  readonly checkpoints?: CheckpointStore;
  /** Dead letters. */
  readonly deadLetters?: DeadLetterStore;
  /** Hands over what still waits, for two seconds at most, and closes files, sockets and timers. Safe to call twice. */
  close(): Promise<void>;
}
