import type { MemoryType } from "./memory-type.ts";
import { MEMORY_TYPES } from "./memory-type.ts";

/** How fast entries fade: of the exponential, for each hour. */
export type DecayRates = Readonly<Record<MemoryType, number>> & {
  /** Since the last recall, of every type. */
  readonly recency: number;
};

/** Shares of the score. */
export interface RelevanceWeights {
  readonly importance: number;
  readonly time: number;
  readonly recency: number;
  readonly frequency: number;
}

/** Those of the pattern "Agent memory with decay". */
export const DECAY_RATES: DecayRates = {
  instruction: 0.005,
  decision: 0.02,
  fact: 0.01,
  conversation: 0.05,
  result: 0.1,
  recency: 0.1,
};

/** Of the same. */
export const RELEVANCE_WEIGHTS: RelevanceWeights = {
  importance: 0.4,
  time: 0.3,
  recency: 0.2,
  frequency: 0.1,
};

const HOUR_MS = 3_600_000;

/** What the score of an entry is made of, each with its weight; times are monotonic milliseconds. Each raises it, other things being equal. */
export interface Scored {
  readonly importanceShare: number;
  readonly frequencyShare: number;
  readonly createdMs: number;
  readonly accessedMs: number;
}

/**
 * How much an entry matters now, from 0 to 1:
 *
 *     importance·0.4 + e^(−rate·hours since it was added)·0.3 + e^(−0.1·hours since it was last recalled)·0.2 + ln(1 + recalls)/5·0.1
 *
 * The formula and its numbers are those of the pattern "Agent memory with decay".
 */
export class Relevance {
  readonly #rates: readonly number[];
  readonly #recencyRate: number;
  readonly #weights: RelevanceWeights;

  constructor(rates: DecayRates, weights: RelevanceWeights) {
    this.#rates = MEMORY_TYPES.map((type) => rates[type]);
    this.#recencyRate = rates.recency;
    this.#weights = weights;
  }

  importanceShare(importance: number): number {
    return importance * this.#weights.importance;
  }

  frequencyShare(accessCount: number): number {
    return (Math.log(1 + accessCount) / 5) * this.#weights.frequency;
  }

  /** The largest that both shares together are for an entry that was recalled less than 148 times. */
  get usualShares(): number {
    return this.#weights.importance + this.#weights.frequency;
  }

  /** @param type Position in `MEMORY_TYPES`. @param nowMs Monotonic, not before any time of the entry. */
  score(type: number, scored: Scored, nowMs: number): number {
    const { importanceShare, frequencyShare, createdMs, accessedMs } = scored;
    const time = Math.exp(-this.#rates[type]! * ((nowMs - createdMs) / HOUR_MS)) * this.#weights.time;
    const recency = Math.exp(-this.#recencyRate * ((nowMs - accessedMs) / HOUR_MS)) * this.#weights.recency;
    return Math.min(1, Math.max(0, importanceShare + time + recency + frequencyShare));
  }
}
