import { runGuarded } from "../agent/run-guarded.ts";
import { isAgentError } from "../errors/agent-error.ts";
import { BudgetExceededError } from "../errors/budget-exceeded-error.ts";
import { StoreUnusableError } from "../errors/store-unusable-error.ts";
import { eitherSignal } from "../internal/deadline.ts";
import { randomUUID } from "../internal/late-builtins.ts";
import { reportFailure } from "../internal/warn-once.ts";
import { type AsyncFunction, aroundOf, type Operation, type Policy } from "../resilience/policy.ts";
import type { BudgetWindow, WindowUse } from "../stores/budgets/budget-store.ts";
import { type MetricSources, metricSources } from "../telemetry/metric-sources.ts";
import { spendRefused } from "../telemetry/spend/spend-events.ts";
import {
  type BudgetSettings,
  budgetSettings,
  type CostGuardOptions,
  nanoUsd,
  type PeriodLimit,
} from "./budget/budget-options.ts";
import { BudgetReport } from "./budget/budget-report.ts";
import { RequestGuard } from "./budget/request-guard.ts";
import { Reservation } from "./budget/reservation.ts";
import type { CalendarWindow } from "./calendar.ts";

/** What is left, US dollars; left out where there is no such limit. */
export interface RemainingBudget {
  /** Of one request. */
  readonly requestUsd: number;
  readonly hourUsd: number;
  readonly dayUsd: number;
  readonly monthUsd?: number;
}

interface OpenWindow extends PeriodLimit {
  readonly window: CalendarWindow;
  readonly stored: BudgetWindow;
}

/**
 * A hard ceiling in money, for one request and for each hour, day and month. The most that a call may cost is reserved before it is made,
 * in all windows or in none, and settled with what it did cost; so calls that begin together cannot spend the same dollar.
 *
 * As a policy it reserves `perRequestUsd` for each call of the function, and refuses the model calls in it that could go beyond. Where the
 * maximum of a call is not known (no `max_tokens` in the request, an image), it may cost more than is left: that is settled, and blocks what
 * follows. While the store cannot be reached nothing is let through: a ceiling that nobody can see is none.
 */
export class CostGuard implements Policy {
  readonly name: string;
  readonly #settings: BudgetSettings;
  readonly #report: BudgetReport;

  /** @throws RangeError or TypeError that names the option, what it allows and the value. */
  constructor(options: CostGuardOptions = {}) {
    this.#settings = budgetSettings(options);
    this.name = this.#settings.name;
    this.#report = new BudgetReport(this.#settings);
    tellWeakly(options.metrics ?? metricSources, this.#report);
  }

  /**
   * @throws BudgetExceededError where a window has no room for one more request; UnpricedModelError; StoreUnusableError where the store
   *   cannot be reached; what `fn` throws.
   */
  async execute<T>(fn: Operation<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const { perRequest } = this.#settings;
    const reservation = await this.#reserve(perRequest);
    const guard = new RequestGuard(reservation.scope, perRequest, () => this.#report.refused("request"));
    try {
      return await runGuarded(guard, (totals) => {
        guard.totals = totals;
        return fn(eitherSignal(guard.signal, signal));
      });
    } finally {
      // Calls that nobody awaits any more still cost; the caller does not wait for them.
      const settled = guard.idle().then(() => reservation.settleNano(guard.spent));
      settled.catch((error: unknown) => reportFailure("settling a budget; it counts as spent", error));
      if (guard.isIdle) await settled.catch(() => {});
    }
  }

  around<F extends AsyncFunction>(fn: F): F {
    return aroundOf((operation, signal) => this.execute(operation, signal), fn);
  }

  /**
   * Reserves money by hand, for a call whose maximum you know. End it with `settle` or `release`; else it counts as spent in the end.
   *
   * @param maxUsd US dollars.
   * @throws RangeError on anything but an amount; BudgetExceededError; StoreUnusableError.
   */
  async reserve(maxUsd: number): Promise<Reservation> {
    const amount = nanoUsd("reserve: maxUsd", maxUsd);
    if (amount > this.#settings.perRequest) throw this.#refused(this.#tooLarge(maxUsd));
    return this.#reserve(amount);
  }

  /** What a new call could reserve now. Another one may be quicker. */
  async remaining(): Promise<RemainingBudget> {
    const open = this.#windows(this.#settings.scope());
    const use = await this.#asked(this.#settings.store.use(open.map(({ stored }) => stored.key)));
    const left = open.map(({ limit }, i) => Math.max(0, limit - used(use[i])) / 1e9);
    const [hourUsd = 0, dayUsd = 0, monthUsd] = left;
    const requestUsd = Math.min(this.#settings.perRequest / 1e9, ...left);
    return { requestUsd, hourUsd, dayUsd, ...(monthUsd === undefined ? {} : { monthUsd }) };
  }

  async #reserve(amount: number): Promise<Reservation> {
    const { store, ttlMs, scope } = this.#settings;
    const whose = scope();
    const open = this.#windows(whose);
    const id = randomUUID();
    const windows = open.map(({ stored }) => stored);
    const answer = await this.#asked(store.reserve({ id, amount, windows, ttlMs }));
    if (answer.kind === "full")
      throw this.#refused(this.#exceeded(whose, open[answer.window]!, answer.use, amount));
    this.#seen(whose, open, answer.use);
    return new Reservation(id, whose, amount, async (actual) => {
      const use = await store.settle(id, actual);
      if (use === undefined) return;
      if (actual > amount) this.#report.overran(actual - amount);
      this.#seen(whose, open, use);
    });
  }

  /** A store that fails is no failure of what is guarded: a breaker around it ignores an error of ours. */
  async #asked<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (isAgentError(error)) throw error;
      const { storeName } = this.#settings;
      throw new StoreUnusableError(storeName, "cannot be asked for the budget, so nothing is spent", error);
    }
  }

  #windows(scope: string): readonly OpenWindow[] {
    const { calendar, clock, periods } = this.#settings;
    const nowMs = clock.now();
    return periods.map(({ period, limit }) => {
      const window = calendar.window(period, nowMs);
      const key = `${scope} ${period} ${window.startMs}`;
      return { period, limit, window, stored: { key, limit, endMs: window.endMs } };
    });
  }

  #seen(scope: string, open: readonly OpenWindow[], use: readonly WindowUse[]): void {
    for (const [i, { limit, window }] of open.entries())
      this.#report.seen(scope, window, limit, used(use[i]));
  }

  #tooLarge(askedUsd: number): BudgetExceededError {
    return new BudgetExceededError({
      scope: this.#settings.scope(),
      window: "request",
      limitUsd: this.#settings.perRequest / 1e9,
      spentUsd: 0,
      reservedUsd: 0,
      askedUsd,
      resetAtMs: undefined,
    });
  }

  #exceeded(
    scope: string,
    { period, limit, window }: OpenWindow,
    use: WindowUse,
    asked: number,
  ): BudgetExceededError {
    return new BudgetExceededError({
      scope,
      window: period,
      limitUsd: limit / 1e9,
      spentUsd: use.spent / 1e9,
      reservedUsd: use.reserved / 1e9,
      askedUsd: asked / 1e9,
      resetAtMs: window.endMs,
    });
  }

  #refused(error: BudgetExceededError): BudgetExceededError {
    this.#report.refused(error.window);
    spendRefused(this.name, error.window, error.message);
    return error;
  }
}

/** A guard that is made for one request and dropped is nobody's leak. */
function tellWeakly(metrics: MetricSources, report: BudgetReport): void {
  const weak = new WeakRef(report);
  const remove = metrics.add(() => {
    const alive = weak.deref();
    if (alive === undefined) remove();
    return alive?.instruments() ?? [];
  });
}

function used(use: WindowUse | undefined): number {
  return (use?.spent ?? 0) + (use?.reserved ?? 0);
}

/** @see CostGuard */
export function costGuard(options: CostGuardOptions = {}): CostGuard {
  return new CostGuard(options);
}
