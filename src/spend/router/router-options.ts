import { defaultPrices, type Prices } from "../../cost/prices.ts";
import { checkName } from "../../internal/check-name.ts";
import { checkBetween } from "../../internal/check-number.ts";
import { type Clock, systemClock } from "../../internal/clock.ts";
import { type BreakerRegistry, breakers as ofThisProcess } from "../../resilience/breaker-registry.ts";
import { type MetricSources, metricSources } from "../../telemetry/metric-sources.ts";
import { type CooldownOptions, cooldownSettings } from "./cooldown.ts";
import type { RoutedModel } from "./model-entry.ts";
import { RetryBudget, type RouterRetryOptions } from "./retry-budget.ts";
import type { RouteTask } from "./route-task.ts";

export interface ModelRouterOptions {
  /** In errors and metrics. @default "router" */
  readonly name?: string;
  readonly models: readonly RoutedModel[];
  /** US dollars for a calendar month, at most 9,000,000. A decision that would pass it is not made. @default 100 */
  readonly monthlyBudgetUsd?: number;
  /** Where months begin and end. @default "UTC" */
  readonly timeZone?: string;
  /** What models cost that name no price of their own. @default those of this process */
  readonly prices?: Prices;
  /** Whose breakers say which models are down, by the model's `breaker`. @default those of this process */
  readonly breakers?: BreakerRegistry;
  /**
   * Whether `record` and `report` tell the model's breaker how the call went. Set it to false where the calls go through that breaker
   * anyway, which would count each twice. @default true
   */
  readonly tellsBreakers?: boolean;
  readonly cooldowns?: CooldownOptions;
  /** For `run`. */
  readonly retries?: RouterRetryOptions;
  /** A rule of your own, as a region or a contract: false keeps the model from the call, and so does throwing. */
  readonly allow?: (model: RoutedModel, task: RouteTask) => boolean;
  /** From 0 to below 1: which of several that are equal in cost and latency. @default Math.random */
  readonly random?: () => number;
  readonly clock?: Clock;
  /** Where it tells its metrics. @default those of this process */
  readonly metrics?: MetricSources;
}

export type ModelRouterSettings = ReturnType<typeof modelRouterSettings>;

/** Nano-dollars of so many are still exact. */
const MAX_USD = 9_000_000;
const NANO = 1e9;

/** @throws RangeError or TypeError that names the option, what it allows and the value. */
export function modelRouterSettings(options: ModelRouterOptions) {
  const { name = "router", monthlyBudgetUsd = 100, timeZone = "UTC", tellsBreakers = true } = options;
  const { prices = defaultPrices, breakers = ofThisProcess, clock = systemClock } = options;
  const { allow, random = Math.random, metrics = metricSources, models } = options;
  checkName("modelRouter", name);
  if (!Array.isArray(models))
    throw new TypeError(`modelRouter: models must be an array, got ${typeof models}`);
  checkBetween("modelRouter: monthlyBudgetUsd", monthlyBudgetUsd, 0, MAX_USD);
  checkTimeZone(timeZone);
  if (typeof tellsBreakers !== "boolean")
    throw new TypeError(`modelRouter: tellsBreakers must be true or false, got ${String(tellsBreakers)}`);
  for (const [option, fn] of Object.entries({ allow, random })) {
    if (fn !== undefined && typeof fn !== "function")
      throw new TypeError(`modelRouter: ${option} must be a function, got ${typeof fn}`);
  }
  return {
    name,
    budgetNanoUsd: Math.round(monthlyBudgetUsd * NANO),
    timeZone,
    prices,
    breakers,
    tellsBreakers,
    cooldowns: cooldownSettings(options.cooldowns),
    retries: new RetryBudget(options.retries),
    allow,
    random,
    clock,
    metrics,
  };
}

function checkTimeZone(timeZone: unknown): void {
  try {
    if (typeof timeZone === "string") {
      new Intl.DateTimeFormat("en-US", { timeZone });
      return;
    }
  } catch {
    // Said below.
  }
  throw new RangeError(
    `modelRouter: timeZone must be the name of a time zone, as "Europe/Berlin", got ${JSON.stringify(timeZone)}`,
  );
}
