import { MemoryRates, type MemoryRatesOptions } from "../../stores/rate-limits/memory-rates.ts";
import type { RateRule } from "../../stores/rate-limits/rate-rule.ts";
import type { Ask } from "./ask.ts";
import type { RateDecision } from "./rate-answer.ts";
import { partOf } from "./rules-of.ts";

/**
 * One process's part of a limit, for while the store cannot be reached. All parts together keep the rate; at once, each may make one call
 * at least.
 */
export class Insurance {
  readonly #rates: MemoryRates;
  readonly #mostCalls: number;
  readonly #mostTokens: number;

  constructor(options: MemoryRatesOptions, processes: number) {
    const rules = partOf(options.rules, processes);
    this.#rates = new MemoryRates({ ...options, rules });
    this.#mostCalls = capacityOf(rules, "calls");
    this.#mostTokens = capacityOf(rules, "tokens");
  }

  /** One that is larger than a part takes all of it, and its rest is owed: those after it wait the longer. */
  take({ key, calls, tokens }: Ask): RateDecision {
    const now = { calls: Math.min(calls, this.#mostCalls), tokens: Math.min(tokens, this.#mostTokens) };
    const decision = this.#rates.take(key, now.calls, now.tokens);
    if (decision.allowed) this.#rates.add(key, { calls: calls - now.calls, tokens: tokens - now.tokens });
    return decision;
  }

  pause(key: string, ms: number): void {
    this.#rates.pause(key, ms);
  }
}

/** Of buckets: a window that is too small must let nothing through. */
function capacityOf(rules: readonly RateRule[], of: RateRule["of"]): number {
  const buckets = rules.filter((rule) => rule.of === of && rule.kind === "bucket");
  return Math.min(...buckets.map(({ capacity }) => capacity));
}
