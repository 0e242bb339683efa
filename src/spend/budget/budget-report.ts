import { safely } from "../../internal/warn-once.ts";
import type { CounterInstrument, GaugeInstrument } from "../../telemetry/call-metrics/instrument.ts";
import type { SourceInstrument } from "../../telemetry/metric-sources.ts";
import * as names from "../../telemetry/semconv.ts";
import { budgetNearlyUsed } from "../../telemetry/spend/spend-events.ts";
import type { CalendarWindow, Period } from "../calendar.ts";
import type { BudgetSettings } from "./budget-options.ts";

interface Seen {
  readonly scope: string;
  readonly endMs: number;
  readonly used: number;
}

const MAX_TOLD = 10_000;

/** Tells of one cost guard: its metrics, and once for each window that it is nearly used up. Money in integer nano-dollars. */
export class BudgetReport {
  readonly #settings: BudgetSettings;
  /** The fullest scope of each period. */
  readonly #fullest = new Map<Period, Seen>();
  readonly #refusals = new Map<string, number>();
  readonly #told = new Set<string>();
  #overrun = 0;

  constructor(settings: BudgetSettings) {
    this.#settings = settings;
  }

  seen(scope: string, { period, startMs, endMs }: CalendarWindow, limit: number, used: number): void {
    const last = this.#fullest.get(period);
    if (last === undefined || last.scope === scope || last.endMs <= startMs || used > last.used)
      this.#fullest.set(period, { scope, endMs, used });
    if (used >= limit * this.#settings.softLimit)
      this.#nearlyUsed(scope, period, limit, used, startMs, endMs);
  }

  refused(window: string): void {
    this.#refusals.set(window, (this.#refusals.get(window) ?? 0) + 1);
  }

  overran(nanoUsd: number): void {
    this.#overrun += nanoUsd;
  }

  instruments(): readonly SourceInstrument[] {
    const { name, periods, perRequest, calendar, clock } = this.#settings;
    const nowMs = clock.now();
    const labels = (window: string) => ({
      [names.ATTR_BUDGET_NAME]: name,
      [names.ATTR_BUDGET_WINDOW]: window,
    });
    const limits = [{ period: "request", limit: perRequest }, ...periods];
    return [
      gauge(
        names.METRIC_BUDGET_LIMIT,
        "Limits in money.",
        limits.map(({ period, limit }) => ({ attributes: labels(period), value: limit / 1e9 })),
      ),
      gauge(
        names.METRIC_BUDGET_USED,
        "Spent and reserved in the window of now; of several scopes that which has most.",
        periods.map(({ period }) => ({ attributes: labels(period), value: this.#used(period, nowMs) / 1e9 })),
      ),
      {
        ...gauge(
          names.METRIC_BUDGET_ELAPSED,
          "How much of the window of now is over, from 0 to 1: what is used over this says whether it will last.",
          periods.map(({ period }) => ({
            attributes: labels(period),
            value: elapsed(calendar.window(period, nowMs), nowMs),
          })),
        ),
        unit: "1",
      },
      counter(
        names.METRIC_BUDGET_REJECTIONS,
        "{call}",
        "Calls that a budget refused.",
        true,
        limits.map(({ period }) => ({ attributes: labels(period), value: this.#refusals.get(period) ?? 0 })),
      ),
      counter(
        names.METRIC_BUDGET_OVERRUN,
        "{USD}",
        "What calls cost beyond what was reserved for them.",
        false,
        [{ attributes: { [names.ATTR_BUDGET_NAME]: name }, value: this.#overrun / 1e9 }],
      ),
    ];
  }

  #used(period: Period, nowMs: number): number {
    const seen = this.#fullest.get(period);
    return seen === undefined || seen.endMs <= nowMs ? 0 : seen.used;
  }

  #nearlyUsed(
    scope: string,
    period: Period,
    limit: number,
    used: number,
    startMs: number,
    endMs: number,
  ): void {
    const key = `${scope} ${period} ${startMs}`;
    if (this.#told.has(key)) return;
    if (this.#told.size >= MAX_TOLD) this.#told.clear();
    this.#told.add(key);
    const facts = { scope, window: period, limitUsd: limit / 1e9, usedUsd: used / 1e9, resetAtMs: endMs };
    budgetNearlyUsed(this.#settings.name, period, facts.usedUsd / facts.limitUsd);
    safely("telling that a budget is nearly used", () => this.#settings.onNearlyUsed?.(facts));
  }
}

const elapsed = ({ startMs, endMs }: CalendarWindow, nowMs: number): number =>
  (nowMs - startMs) / (endMs - startMs);

type Points = GaugeInstrument["points"];

function gauge(name: string, description: string, points: Points): GaugeInstrument {
  return { kind: "gauge", name, unit: "{USD}", description, whole: false, points };
}

function counter(
  name: string,
  unit: string,
  description: string,
  whole: boolean,
  points: Points,
): CounterInstrument {
  return { kind: "counter", name, unit, description, whole, points };
}
