import { NoEligibleModelError } from "../errors/no-eligible-model-error.ts";
import { type ActualCost, actualNanoUsd, CallOutcomes, failureNanoUsd } from "./router/call-outcomes.ts";
import { type Charge, Charges } from "./router/charges.ts";
import { chosen, type Eligible, type Judged, ranked } from "./router/choose.ts";
import { decisionOf } from "./router/decision-of.ts";
import { isEligible } from "./router/eligibility.ts";
import { Judge, type Moment } from "./router/judge.ts";
import type { ModelEntry, RoutedModel } from "./router/model-entry.ts";
import { ModelList } from "./router/model-list.ts";
import { MonthlySpend } from "./router/monthly-spend.ts";
import { refusalsOf } from "./router/refusals.ts";
import { checkTask, checkTokens, type RouteTask } from "./router/route-task.ts";
import type { RouterDecision } from "./router/router-decision.ts";
import {
  type ModelRouterOptions,
  type ModelRouterSettings,
  modelRouterSettings,
} from "./router/router-options.ts";
import {
  budgetReportOf,
  type ModelSpendReport,
  modelReportOf,
  type RouterBudgetReport,
} from "./router/router-reports.ts";
import { modelPicked, noModelPicked, RouterMetrics } from "./router/router-telemetry.ts";
import { type RoutedCall, type RouterRunOptions, runRouted } from "./router/run-routed.ts";

export type { ActualCost } from "./router/call-outcomes.ts";
export type { Complexity } from "./router/complexity.ts";
export type { CooldownOptions } from "./router/cooldown.ts";
export type { RouterReason } from "./router/eligibility.ts";
export type { RoutedModel } from "./router/model-entry.ts";
export type { RouterRetryOptions } from "./router/retry-budget.ts";
export type { RouteTask } from "./router/route-task.ts";
export type { ModelEstimate, PassedOver, RouterDecision } from "./router/router-decision.ts";
export type { ModelRouterOptions } from "./router/router-options.ts";
export type { ModelSpendReport, RouterBudgetReport } from "./router/router-reports.ts";
export type { RoutedCall, RouterRunOptions } from "./router/run-routed.ts";

type Tokens = Pick<RouteTask, "inputTokens" | "outputTokens">;

const NANO = 1e9;
const NONE: ReadonlySet<ModelEntry> = new Set();

/**
 * Picks for each call the cheapest model that can take it and is meant for tasks so hard. What a model cannot do, its context, the
 * budget and a breaker are never passed over; where no model for the complexity is left, the cheapest of the others is taken.
 *
 * The estimated cost is charged with the decision. `record` puts what it really cost in its place, `report` says that the call failed.
 */
export class ModelRouter {
  readonly name: string;
  readonly #settings: ModelRouterSettings;
  readonly #models: ModelList;
  readonly #judge: Judge;
  readonly #spend: MonthlySpend;
  readonly #charges = new Charges();
  readonly #outcomes: CallOutcomes;
  readonly #leave: () => void;

  /** @throws RangeError or TypeError that names the option, what it allows and the value. */
  constructor(options: ModelRouterOptions) {
    this.#settings = modelRouterSettings(options);
    const { name, timeZone, clock, metrics, prices } = this.#settings;
    this.name = name;
    this.#models = new ModelList(prices);
    for (const model of options.models) this.#models.add(model);
    this.#judge = new Judge(this.#settings);
    this.#spend = new MonthlySpend(timeZone, clock);
    this.#outcomes = new CallOutcomes(this.#settings);
    const told = new RouterMetrics();
    this.#leave = metrics.add(() => told.collect(name, this.#models, this.#spend.current()));
  }

  /** @throws as the constructor; TypeError where the router has that model of that provider already. */
  add(model: RoutedModel): void {
    this.#models.add(model);
  }

  /**
   * The model to call. Its estimated cost is charged until the call is recorded, reported or released.
   *
   * @throws NoEligibleModelError where none can take it, with the reasons for each; nothing is charged then.
   * @throws RangeError or TypeError on a bad task.
   */
  route(task: RouteTask): RouterDecision {
    checkTask(task);
    const kept = task.continues === undefined ? undefined : this.#chargeOf(task.continues).entry;
    const moment = this.#moment(task);
    const judged = this.#judge.all(this.#models, task, moment);
    const able = ranked(judged);
    const pinned = judged.find((each): each is Eligible => each.entry === kept && isEligible(each.reasons));
    const mayPick = kept === undefined || task.allowSwitch === true;
    const pick = pinned ?? (mayPick && able.length > 0 ? chosen(able, this.#settings.random) : undefined);
    if (pick === undefined) {
      throw this.#refusal(
        task,
        judged.filter(({ entry }) => mayPick || entry === kept),
        moment,
      );
    }
    const decision = decisionOf(this.name, task, { pick, able, judged, pinned: pick === pinned });
    this.#charge(decision, pick, task, moment);
    return decision;
  }

  /**
   * Routes and calls, and settles what it cost. When the call fails, others are made with other models: at most `retries.attempts` in
   * all, and only while the caller's time lasts. So nothing below it should retry: let the clients of providers make one attempt.
   *
   * @throws NoEligibleModelError where no model can take the task; else what the last call threw, the same object.
   */
  run<T>(task: RouteTask, call: RoutedCall<T>, options: RouterRunOptions<T> = {}): Promise<T> {
    const { retries, clock } = this.#settings;
    return runRouted({ router: this, retries, clock }, task, call, options);
  }

  /**
   * Says what the call of a decision cost, in place of its estimate, and tells the model's breaker that it went well. Counts once.
   *
   * @returns US dollars. @throws RangeError on a cost that cannot be; TypeError on a decision of another router.
   */
  record(decision: RouterDecision, actual: ActualCost): number {
    const charge = this.#chargeOf(decision);
    const nanoUsd = actualNanoUsd(actual, charge);
    if (this.#charges.settle(decision, nanoUsd)) this.#outcomes.succeeded(charge.entry);
    return nanoUsd / NANO;
  }

  /**
   * Says that the call of a decision failed. 429 and 529 leave the model alone for as long as the provider asks; 401, 403 and 404 for
   * long, with a warning; other failures of the provider and timeouts count at its breaker. A call that had begun costs its input, one
   * that was refused nothing.
   *
   * @throws TypeError on a decision of another router.
   */
  report(decision: RouterDecision, error: unknown): void {
    const charge = this.#chargeOf(decision);
    if (!this.#charges.settle(decision, failureNanoUsd(error, charge))) return;
    this.#outcomes.failed(charge.entry, error);
  }

  /** Says that the call of a decision was never made: its estimate is given back. @throws TypeError as above. */
  release(decision: RouterDecision): void {
    this.#chargeOf(decision);
    this.#charges.settle(decision, undefined);
  }

  /** Ends the cooldown of a model, once its key or name is put right. @throws RangeError on a model that the router does not have. */
  resume(model: string, provider?: string): void {
    this.#models.get(model, provider).coolingUntilMs = Number.NEGATIVE_INFINITY;
  }

  /** US dollars; `undefined` where its price is not known. @throws RangeError on an unknown model or bad numbers of tokens. */
  estimateCostUsd(model: string, tokens: Tokens, provider?: string): number | undefined {
    checkTokens(tokens);
    const usage = { input: tokens.inputTokens, output: tokens.outputTokens };
    const nanoUsd = this.#models.get(model, provider).nanoUsd(usage, this.#settings.clock.now());
    return nanoUsd === undefined ? undefined : nanoUsd / NANO;
  }

  /** Milliseconds: output tokens over the model's speed. @throws as above. */
  estimateLatencyMs(model: string, tokens: Tokens, provider?: string): number {
    checkTokens(tokens);
    return this.#models.get(model, provider).latencyMs(tokens.outputTokens);
  }

  /** The month of now. */
  budgetReport(): RouterBudgetReport {
    return budgetReportOf(this.#spend.current(), this.#settings.budgetNanoUsd);
  }

  /** The month of now, the dearest model first. */
  reportByModel(): readonly ModelSpendReport[] {
    return modelReportOf(this.#spend.current());
  }

  /** Takes it out of the metrics. It goes on working, and may be closed twice. */
  close(): void {
    this.#leave();
  }

  #moment({ except = [] }: RouteTask): Moment {
    const { clock } = this.#settings;
    const wallMs = clock.now();
    const tried = except.length === 0 ? NONE : new Set(except.map((each) => this.#chargeOf(each).entry));
    return { wallMs, monotonicMs: clock.monotonic(), month: this.#spend.current(wallMs), tried };
  }

  #charge(decision: RouterDecision, { entry, nanoUsd }: Eligible, task: RouteTask, moment: Moment): void {
    const { month, wallMs: atMs } = moment;
    this.#charges.open(decision, { entry, month, atMs, inputTokens: task.inputTokens, nanoUsd });
    entry.decisions[task.complexity]! += 1;
    modelPicked(this.name, entry.name, task.complexity);
  }

  #refusal(task: RouteTask, judged: readonly Judged[], moment: Moment): NoEligibleModelError {
    const error = new NoEligibleModelError(
      this.name,
      refusalsOf(judged, moment, this.#settings.budgetNanoUsd),
    );
    noModelPicked(this.name, task.complexity, error.code);
    return error;
  }

  #chargeOf(decision: RouterDecision): Charge {
    const charge = this.#charges.of(decision);
    if (charge !== undefined) return charge;
    throw new TypeError(`modelRouter: not a decision of router "${this.name}", or a copy of one`);
  }
}

/** @throws RangeError or TypeError that names the option, what it allows and the value. */
export function modelRouter(options: ModelRouterOptions): ModelRouter {
  return new ModelRouter(options);
}
