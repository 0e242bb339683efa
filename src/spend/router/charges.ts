import type { TokenUsage } from "../../cost/token-usage.ts";
import type { ModelEntry } from "./model-entry.ts";
import type { MonthSpend } from "./monthly-spend.ts";
import type { RouterDecision } from "./router-decision.ts";

/** What a decision was charged with, until it is known what the call cost. */
export interface Charge {
  readonly entry: ModelEntry;
  /** Of the decision: a call that ends in the next month is of this one. */
  readonly month: MonthSpend;
  readonly atMs: number;
  readonly inputTokens: number;
  readonly nanoUsd: number;
}

/** What is charged for decisions. Each is settled once; weak, so that one that nobody settles is not kept, and stays charged as estimated. */
export class Charges {
  readonly #charges = new WeakMap<RouterDecision, Charge>();
  readonly #settled = new WeakSet<RouterDecision>();

  open(decision: RouterDecision, charge: Charge): void {
    this.#charges.set(decision, charge);
    charge.month.add(charge.entry, charge.nanoUsd, 1);
    charge.month.pendingNanoUsd += charge.nanoUsd;
  }

  /** @returns `undefined` for a decision of another router, or a copy. */
  of(decision: RouterDecision): Charge | undefined {
    return this.#charges.get(decision);
  }

  /**
   * @param nanoUsd What the call cost; `undefined` where it was not made.
   * @returns False where it was settled before: then nothing changes.
   */
  settle(decision: RouterDecision, nanoUsd: number | undefined): boolean {
    const charge = this.#charges.get(decision);
    if (charge === undefined || this.#settled.has(decision)) return false;
    this.#settled.add(decision);
    charge.month.pendingNanoUsd -= charge.nanoUsd;
    charge.month.add(charge.entry, (nanoUsd ?? 0) - charge.nanoUsd, nanoUsd === undefined ? -1 : 0);
    return true;
  }
}

/** What a call that failed is taken to have cost: providers bill the input of what they began. Nano-dollars. */
export function failedNanoUsd({ entry, atMs, inputTokens, nanoUsd }: Charge): number {
  const usage: TokenUsage = { input: inputTokens, output: 0 };
  return entry.nanoUsd(usage, atMs) ?? nanoUsd;
}
