import { type Candidate, isEligible, type RouterReason } from "./eligibility.ts";

/** A candidate with all that speaks against it. */
export interface Judged extends Candidate {
  readonly reasons: readonly RouterReason[];
}

/** One that may be taken: its price is known. */
export interface Eligible extends Judged {
  readonly nanoUsd: number;
}

/** The candidates that may be taken, the cheapest first, of equals the fastest; those for the task's complexity alone where there are any. */
export function ranked(judged: readonly Judged[]): readonly Eligible[] {
  const eligible = judged.filter(mayBeTaken);
  const fitting = eligible.filter(({ reasons }) => reasons.length === 0);
  return (fitting.length === 0 ? eligible : fitting).sort(byCost);
}

/** Of several that are equal in cost and latency any, so that they share the load. @param ranked At least one. */
export function chosen(ranked: readonly Eligible[], random: () => number): Eligible {
  const best = ranked[0]!;
  let equals = 1;
  while (equals < ranked.length && byCost(best, ranked[equals]!) === 0) equals += 1;
  if (equals === 1) return best;
  // One above the range is a mistake of the user's, and costs nobody a call.
  const pick = Math.floor(random() * equals);
  return ranked[pick] !== undefined && pick < equals ? ranked[pick] : best;
}

function mayBeTaken(judged: Judged): judged is Eligible {
  return judged.nanoUsd !== undefined && isEligible(judged.reasons);
}

function byCost(a: Eligible, b: Eligible): number {
  return a.nanoUsd - b.nanoUsd || a.latencyMs - b.latencyMs;
}
