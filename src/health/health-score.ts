import { reportFailure } from "../internal/warn-once.ts";
import type { HealthFacts } from "./agent-facts.ts";
import { rateAtLeast } from "./wilson.ts";

/** Rates from 0 to 1, as the score weighs them: what they are at least, for so few calls (see `rateAtLeast`). */
export interface HealthComponents {
  /** Failures of all calls. */
  readonly failure: number;
  /** Slow ones of all calls. */
  readonly slow: number;
  /** Refused, and answered by a fallback, of these and all calls. */
  readonly rejected: number;
  /** Reads without a quarantined field, of these and all calls. */
  readonly quarantined: number;
}

export interface AgentScore {
  /** 0 to 100; `undefined`: not known. */
  readonly score: number | undefined;
  /** `undefined` where nothing was called. */
  readonly components: HealthComponents | undefined;
}

/** A formula of one's own. What it throws, and what is no number from 0 to 100, is not known; the first time is reported. */
export type HealthScore = (facts: HealthFacts) => number;

/** Whatever the calls say, where the breaker lets only some or none through. */
const CAPS: Readonly<Record<string, number>> = { half_open: 60, open: 20, forced_open: 20 };

/**
 * Health of one agent from 0 to 100: `100 · (1 − (0.5·failure + 0.2·slow + 0.2·rejected + 0.1·quarantined))`, rounded; at most 60
 * while its breaker is half open, and 20 while it is open.
 *
 * Without data nothing is known, which is not 100, and an open breaker that nobody has called is no data either.
 *
 * @param formula Instead of that one. Only asked where there is data.
 */
export function agentScore(facts: HealthFacts, formula: HealthScore = weightedScore): AgentScore {
  const components = healthComponents(facts);
  return { components, score: components === undefined ? undefined : asked(formula, facts) };
}

/** The formula that counts where there is no other: to begin one's own with. 100 without data. */
export function weightedScore(facts: HealthFacts): number {
  const { failure, slow, rejected, quarantined } = healthComponents(facts) ?? NOTHING;
  const loss = 0.5 * failure + 0.2 * slow + 0.2 * rejected + 0.1 * quarantined;
  const score = Math.round(100 * (1 - Math.min(1, loss)));
  const cap = facts.breakerState === undefined ? undefined : CAPS[facts.breakerState];
  return cap === undefined ? score : Math.min(score, cap);
}

const NOTHING: HealthComponents = { failure: 0, slow: 0, rejected: 0, quarantined: 0 };

/** @returns `undefined` without data. */
function healthComponents(facts: HealthFacts): HealthComponents | undefined {
  const { calls, failures, slow, rejections, fallbacks, quarantinedReads } = facts;
  const turnedAway = rejections + fallbacks;
  if (!(calls + turnedAway + quarantinedReads > 0)) return undefined;
  return {
    failure: rateAtLeast(failures, calls),
    slow: rateAtLeast(slow, calls),
    rejected: rateAtLeast(turnedAway, calls + turnedAway),
    quarantined: rateAtLeast(quarantinedReads, calls + quarantinedReads),
  };
}

function asked(formula: HealthScore, facts: HealthFacts): number | undefined {
  try {
    const score: unknown = formula(facts);
    if (typeof score === "number" && score >= 0 && score <= 100) return score;
    // Of an async function: its rejection would end the process.
    if (score instanceof Promise) score.catch(() => {});
    throw new RangeError(`healthScore must return a number from 0 to 100, got ${String(score)}`);
  } catch (error) {
    reportFailure("the formula healthScore", error);
    return undefined;
  }
}
