import { callLog } from "../agent/call-log.ts";
import { checkWhole } from "../internal/check-number.ts";
import { type Clock, systemClock } from "../internal/clock.ts";
import { type After, systemAfter } from "../internal/timers.ts";
import { reportFailure } from "../internal/warn-once.ts";
import { memoryUsage } from "../stores/usage/memory-usage.ts";
import type { CallRow, UsageStore } from "../stores/usage/usage-store.ts";
import type { CallRecord } from "../telemetry/call-record.ts";
import { Calendar } from "./calendar.ts";
import { UsageBuffer } from "./usage/usage-buffer.ts";
import { daysBefore, daysOf, type UsagePeriod } from "./usage/usage-days.ts";
import { agentTotals, callerTotal, callTotal, type UsageTotal, workflowTotal } from "./usage/usage-total.ts";

export type UsageBy = "agent" | "model" | "provider" | "workflow" | "conversation" | "caller";

export interface UsageTotalsOptions {
  /** Keeps the totals: `sqliteStore()`, `postgresStore(url)`. @default the memory of this process */
  readonly store?: { readonly usage?: UsageStore };
  /** Of days, weeks and months. Stored days stay those of the zone in which they were counted. @default "UTC" */
  readonly timeZone?: string;
  /** Milliseconds between two writes; what a process counted since the last one is lost when it is killed. @default 1_000 */
  readonly flushMs?: number;
  /** Days that are kept, 1 to 10,000. @default 400 */
  readonly keepDays?: number;
  /** Where finished calls come from. @default all of this process */
  readonly calls?: { subscribe(listener: (record: CallRecord) => void): () => void };
  readonly clock?: Clock;
  readonly after?: After;
}

export interface TotalsQuery {
  /** The period of now, so far. @default "daily" */
  readonly period?: UsagePeriod;
  /** @default "agent" */
  readonly by?: UsageBy;
  /** Most conversations to give, the dearest, 1 to 10,000. @default 100 */
  readonly limit?: number;
}

/** What model calls used and did cost, day by day, by who made them and of whom. */
export class UsageTotals {
  readonly #store: UsageStore;
  readonly #calendar: Calendar;
  readonly #clock: Clock;
  readonly #after: After;
  readonly #flushMs: number;
  readonly #keepDays: number;
  readonly #buffer = new UsageBuffer();
  readonly #unsubscribe: () => void;
  readonly #onDrained = (): void => void this.flush();
  readonly #onExit = (): void => this.#lastWrite();
  #writing: Promise<void> = Promise.resolve();
  #planned: (() => void) | undefined;
  #forgotten = "";
  /** Writes that are under way. */
  #underway = 0;
  /** Tried again at the next regular time, and not with each call. */
  #failing = false;

  /** @throws RangeError or TypeError that names the option, what it allows and the value. */
  constructor(options: UsageTotalsOptions = {}) {
    const { store, timeZone = "UTC", flushMs = 1_000, keepDays = 400, calls = callLog } = options;
    if (store !== undefined && store.usage === undefined)
      throw new TypeError("usageTotals: store must be one that has usage: sqliteStore or postgresStore");
    this.#flushMs = checkWhole("usageTotals: flushMs", flushMs, 1, 3_600_000);
    this.#keepDays = checkWhole("usageTotals: keepDays", keepDays, 1, 10_000);
    this.#store = store?.usage ?? memoryUsage();
    this.#calendar = new Calendar(timeZone);
    this.#clock = options.clock ?? systemClock;
    this.#after = options.after ?? systemAfter;
    this.#unsubscribe = calls.subscribe((record) => this.record(record));
    // A server's answer needs the event loop, which there still is then. Once: what fails would be tried for ever.
    process.once("beforeExit", this.#onDrained);
    process.once("exit", this.#onExit);
  }

  /** Counts one finished call on the day when it ended. Those of this process come by themselves. */
  record(call: CallRecord): void {
    this.#buffer.record(call, this.#calendar.date(this.#clock.now()));
    if (this.#buffer.isFull && !this.#failing) void this.flush();
    else if (!this.#buffer.isEmpty) {
      this.#planned ??= this.#after(this.#flushMs, () => void this.flush(), false);
    }
  }

  /** Totals of a period, the dearest first. @throws TypeError or RangeError on a bad query; what the store throws. */
  async totals({
    period = "daily",
    by = "agent",
    limit = 100,
  }: TotalsQuery = {}): Promise<readonly UsageTotal[]> {
    checkChoice("period", period, ["daily", "weekly", "monthly"]);
    checkChoice("by", by, ["agent", "model", "provider", "workflow", "conversation", "caller"]);
    checkWhole("totals: limit", limit, 1, 10_000);
    await this.flush();
    const days = daysOf(period, this.#today());
    if (by === "agent")
      return agentTotals(
        await this.#store.calls("agent", days),
        await this.#store.runs("agent", "name", days),
      );
    if (by === "conversation") return (await this.#store.conversations(days, limit)).map(callTotal);
    if (by === "workflow") return (await this.#store.runs("workflow", "name", days)).map(workflowTotal);
    if (by === "caller") return (await this.#store.runs("agent", "caller", days)).map(callerTotal);
    return (await this.#store.calls(by, days)).map(callTotal);
  }

  /** One total for each of the last days, today included, the oldest first; its name is the date. @param options.days @default 7 */
  async trend({ days = 7 }: { readonly days?: number } = {}): Promise<readonly UsageTotal[]> {
    checkWhole("trend: days", days, 1, 10_000);
    await this.flush();
    const today = this.#today();
    const found = await this.#store.calls("day", { from: daysBefore(today, days - 1), to: today });
    const byDay = new Map(found.map((group) => [group.key, callTotal(group)]));
    return Array.from({ length: days }, (_, i) => {
      const name = daysBefore(today, days - 1 - i);
      return byDay.get(name) ?? { name, calls: 0, tokens: 0, costUsd: 0 };
    });
  }

  /** Each combination of agent, provider and model of a period: what a comparison of prices needs. */
  async rows(period: UsagePeriod = "daily"): Promise<readonly CallRow[]> {
    checkChoice("period", period, ["daily", "weekly", "monthly"]);
    await this.flush();
    return this.#store.rows(daysOf(period, this.#today()));
  }

  /** The same, day by day, of the last days, today included. @param options.days @default 7 */
  async rowsOfDays({ days = 7 }: { readonly days?: number } = {}): Promise<readonly CallRow[]> {
    checkWhole("rowsOfDays: days", days, 1, 10_000);
    await this.flush();
    const today = this.#today();
    return this.#store.rows({ from: daysBefore(today, days - 1), to: today });
  }

  /** Writes what was counted. Rejects never: what cannot be written is counted again with the next write. */
  flush(): Promise<void> {
    this.#planned?.();
    this.#planned = undefined;
    this.#writing = this.#buffer.isEmpty ? this.#writing : this.#write();
    return this.#writing;
  }

  /** Counts no more, and writes the rest. Safe to call twice. */
  async close(): Promise<void> {
    this.#unsubscribe();
    process.off("beforeExit", this.#onDrained);
    process.off("exit", this.#onExit);
    await this.flush();
  }

  /** Also what another process's lock has held up until now. */
  #lastWrite(): void {
    if (!this.#buffer.isEmpty || this.#underway > 0) void this.#write(true);
  }

  async #write(last = false): Promise<void> {
    const batch = this.#buffer.take();
    const before = this.#writing;
    this.#underway += 1;
    try {
      // Begun at once, since a process that ends waits for nothing.
      await this.#store.add(batch, last);
      this.#failing = false;
    } catch (error) {
      this.#failing = true;
      this.#buffer.giveBack(batch);
      reportFailure("writing usage totals", error);
    } finally {
      this.#underway -= 1;
    }
    await before;
    if (!this.#failing) await this.#forget();
  }

  /** Once a day. */
  async #forget(): Promise<void> {
    const before = daysBefore(this.#today(), this.#keepDays - 1);
    if (before === this.#forgotten) return;
    this.#forgotten = before;
    try {
      await this.#store.forget(before);
    } catch (error) {
      // With the next write.
      this.#forgotten = "";
      reportFailure("forgetting old usage totals", error);
    }
  }

  #today(): string {
    return this.#calendar.date(this.#clock.now());
  }
}

/** Counts all model calls of this process from now on. @see UsageTotals */
export function usageTotals(options: UsageTotalsOptions = {}): UsageTotals {
  return new UsageTotals(options);
}

function checkChoice(option: string, value: unknown, allowed: readonly string[]): void {
  if (!allowed.includes(value as string))
    throw new TypeError(
      `usageTotals: ${option} must be one of ${allowed.join(", ")}, got ${JSON.stringify(value)}`,
    );
}
