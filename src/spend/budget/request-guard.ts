import type { AdmittedCall, CallGuard, ModelCallIntent } from "../../agent/call-guard.ts";
import type { AgentError } from "../../errors/agent-error.ts";
import { BudgetExceededError } from "../../errors/budget-exceeded-error.ts";
import { UnpricedModelError } from "../../errors/unpriced-model-error.ts";
import type { CallTotals } from "../../telemetry/call-record.ts";
import { spendRefused } from "../../telemetry/spend/spend-events.ts";
import { costSoFar, maxCost } from "../max-cost.ts";

/** Keeps the model calls of one request within what was reserved for it. Money in integer nano-dollars. */
export class RequestGuard implements CallGuard {
  /** Of the finished calls of the request. */
  totals: CallTotals = { calls: 0, tokens: 0, costNanoUsd: 0 };
  readonly #scope: string;
  readonly #max: number;
  readonly #onRefused: () => void;
  readonly #over = new AbortController();
  /** The most that calls under way may still cost. */
  #pending = 0;
  /** Of streamed answers that were broken off before the provider told their cost. */
  #estimated = 0;
  #underWay = 0;
  #whenIdle: (() => void) | undefined;

  /** @param onRefused Once for each model call that is refused or broken off. */
  constructor(scope: string, max: number, onRefused: () => void = () => {}) {
    this.#scope = scope;
    this.#max = max;
    this.#onRefused = onRefused;
  }

  /** Aborted with the first refusal. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  modelCall(intent: ModelCallIntent): AdmittedCall {
    const most = maxCost(intent);
    if (most.kind === "unpriced")
      throw this.#refuse(new UnpricedModelError("costGuard", intent.model, intent.provider), intent);
    const asked = most.kind === "priced" ? most.nanoUsd : undefined;
    const used = this.spent + this.#pending;
    if (used + (asked ?? 0) > this.#max || used >= this.#max)
      throw this.#refuse(this.#exceeded(asked), intent);
    return asked === undefined ? this.#admitUnbounded(intent) : this.#admit(asked);
  }

  /** Of finished calls; estimated where an answer was broken off. */
  get spent(): number {
    return this.totals.costNanoUsd + this.#estimated;
  }

  get isIdle(): boolean {
    return this.#underWay === 0;
  }

  /** Resolves when no model call of the request is under way. */
  idle(): Promise<void> {
    if (this.#underWay === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenIdle = resolve;
    });
  }

  #admit(nanoUsd: number): AdmittedCall {
    this.#pending += nanoUsd;
    this.#underWay += 1;
    return {
      ended: () => {
        this.#pending -= nanoUsd;
        this.#underWay -= 1;
        if (this.#underWay === 0) this.#whenIdle?.();
      },
    };
  }

  /** Nobody knows how long the answer gets: it is watched while it comes. */
  #admitUnbounded(intent: ModelCallIntent): AdmittedCall {
    const { ended } = this.#admit(0);
    let soFar = 0;
    return {
      ended: (tokens, cost) => {
        ended(tokens, cost);
        // Broken off before the provider told: what had come was billed.
        if (cost === undefined) this.#estimated += soFar;
      },
      grew: (output) => {
        soFar = costSoFar(intent, output);
        if (this.spent + this.#pending + soFar <= this.#max) return undefined;
        return this.#refuse(this.#exceeded(soFar), intent);
      },
    };
  }

  #exceeded(asked: number | undefined): BudgetExceededError {
    return new BudgetExceededError({
      scope: this.#scope,
      window: "request",
      limitUsd: this.#max / 1e9,
      spentUsd: this.spent / 1e9,
      reservedUsd: this.#pending / 1e9,
      askedUsd: asked === undefined ? undefined : asked / 1e9,
      resetAtMs: undefined,
    });
  }

  #refuse<E extends AgentError>(error: E, { model }: ModelCallIntent): E {
    this.#onRefused();
    spendRefused(
      this.#scope,
      error instanceof BudgetExceededError ? error.window : `unpriced ${model ?? ""}`,
      error.message,
    );
    if (!this.#over.signal.aborted) this.#over.abort(error);
    return error;
  }
}
