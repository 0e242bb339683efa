import type { Clock } from "../../internal/clock.ts";
import { Calendar, type CalendarWindow } from "../calendar.ts";
import type { ModelEntry } from "./model-entry.ts";

/** Calls of one model in one month, and what they cost in nano-dollars. */
export interface ModelSpend {
  calls: number;
  nanoUsd: number;
}

/** What one month has cost. Nano-dollars, whole. */
export class MonthSpend {
  readonly month: CalendarWindow;
  /** Estimates of calls that are not finished are in it. */
  nanoUsd = 0;
  /** Those estimates alone. */
  pendingNanoUsd = 0;
  calls = 0;
  readonly byModel = new Map<ModelEntry, ModelSpend>();

  constructor(month: CalendarWindow) {
    this.month = month;
  }

  /** @param calls 1 for a new one, -1 for one that was not made after all. */
  add(model: ModelEntry, nanoUsd: number, calls: 1 | 0 | -1): void {
    this.nanoUsd += nanoUsd;
    this.calls += calls;
    let spend = this.byModel.get(model);
    if (spend === undefined) {
      spend = { calls: 0, nanoUsd: 0 };
      this.byModel.set(model, spend);
    }
    spend.nanoUsd += nanoUsd;
    spend.calls += calls;
  }
}

const KEPT_MONTHS = 24;

/** Spending by calendar month. A month that a clock comes back to is found as it was left, so nothing that was spent is forgotten. */
export class MonthlySpend {
  readonly #clock: Pick<Clock, "now">;
  readonly #calendar: Calendar;
  readonly #months = new Map<number, MonthSpend>();
  #current: MonthSpend | undefined;

  constructor(timeZone: string, clock: Pick<Clock, "now">) {
    this.#clock = clock;
    this.#calendar = new Calendar(timeZone);
  }

  /** That of now. */
  current(nowMs = this.#clock.now()): MonthSpend {
    const last = this.#current;
    if (last !== undefined && nowMs >= last.month.startMs && nowMs < last.month.endMs) return last;
    const month = this.#calendar.window("month", nowMs);
    const spend = this.#months.get(month.startMs) ?? new MonthSpend(month);
    this.#months.delete(month.startMs);
    this.#months.set(month.startMs, spend);
    if (this.#months.size > KEPT_MONTHS) this.#months.delete(this.#months.keys().next().value!);
    this.#current = spend;
    return spend;
  }
}
