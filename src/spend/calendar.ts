export type Period = "hour" | "day" | "month";

/** One period of the calendar, from `startMs` up to, and without, `endMs`; milliseconds since the epoch. */
export interface CalendarWindow {
  readonly period: Period;
  readonly startMs: number;
  readonly endMs: number;
}

interface LocalTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const HOUR_MS = 3_600_000;
/** No zone is further from UTC, and no change of its clock is larger. */
const FURTHEST_MS = 30 * HOUR_MS;

/**
 * Hours, days and months as the clocks of a time zone show them. A day in which they change has 23 or 25 hours; the hour that comes twice
 * is two windows.
 */
export class Calendar {
  readonly #format: Intl.DateTimeFormat;
  /** The window last asked for: time goes on, and rarely into the next one. */
  readonly #last = new Map<Period, CalendarWindow>();

  #dated: { readonly startMs: number; readonly date: string } | undefined;

  /** @throws RangeError on a time zone that is not known. */
  constructor(timeZone: string) {
    try {
      this.#format = new Intl.DateTimeFormat("en-US-u-ca-iso8601-nu-latn", {
        timeZone,
        year: "numeric",
        month: "numeric",
        day: "numeric",
        hour: "numeric",
        minute: "numeric",
        second: "numeric",
        hourCycle: "h23",
      });
    } catch (error) {
      throw new RangeError(
        `timeZone must be an IANA time zone such as "Europe/Berlin", got ${JSON.stringify(timeZone)}`,
        {
          cause: error,
        },
      );
    }
  }

  /** @param atMs Milliseconds since the epoch. */
  window(period: Period, atMs: number): CalendarWindow {
    const last = this.#last.get(period);
    if (last !== undefined && atMs >= last.startMs && atMs < last.endMs) return last;
    const window = this.#find(period, atMs);
    this.#last.set(period, window);
    return window;
  }

  /** The local date, as `2026-11-21`. */
  date(atMs: number): string {
    const { startMs } = this.window("day", atMs);
    if (startMs !== this.#dated?.startMs) {
      const { year, month, day } = this.#local(startMs);
      this.#dated = { startMs, date: isoDate(year, month, day) };
    }
    return this.#dated.date;
  }

  #find(period: Period, atMs: number): CalendarWindow {
    if (period === "hour") return this.#hour(atMs);
    const now = this.#local(atMs);
    const { year, month } = now;
    const day = period === "day" ? now.day : 1;
    const next = period === "day" ? { year, month, day: day + 1 } : { year, month: month + 1, day: 1 };
    return { period, startMs: this.#startOf({ year, month, day }), endMs: this.#startOf(next) };
  }

  /** Where the clock changes inside of an hour, that change ends it and begins the next. */
  #hour(atMs: number): CalendarWindow {
    const offset = this.#offset(atMs);
    const startMs = Math.floor((atMs + offset) / HOUR_MS) * HOUR_MS - offset;
    const isSame = (ms: number): boolean => this.#offset(ms) === offset;
    return {
      period: "hour",
      startMs: isSame(startMs) ? startMs : firstMs(startMs, atMs, isSame),
      endMs: isSame(startMs + HOUR_MS - 1)
        ? startMs + HOUR_MS
        : firstMs(atMs, startMs + HOUR_MS - 1, (ms) => !isSame(ms)),
    };
  }

  /** The first moment whose local date is that day or later: midnight, or what comes where there is none. */
  #startOf({ year, month, day }: Pick<LocalTime, "year" | "month" | "day">): number {
    const asUtc = Date.UTC(year, month - 1, day);
    return firstMs(asUtc - FURTHEST_MS, asUtc + FURTHEST_MS, (ms) => {
      const local = this.#local(ms);
      return Date.UTC(local.year, local.month - 1, local.day) >= asUtc;
    });
  }

  /** Milliseconds that the local clock is ahead of UTC. */
  #offset(atMs: number): number {
    const { year, month, day, hour, minute, second } = this.#local(atMs);
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1_000) * 1_000;
  }

  #local(atMs: number): LocalTime {
    const parts = this.#format.formatToParts(atMs);
    const value = (type: string) => Number(parts.find((part) => part.type === type)?.value);
    return {
      year: value("year"),
      month: value("month"),
      day: value("day"),
      hour: value("hour"),
      minute: value("minute"),
      second: value("second"),
    };
  }
}

/** The first millisecond after `before` and up to `last` for which `is` holds, where it holds from there on. */
function firstMs(before: number, last: number, is: (ms: number) => boolean): number {
  let [no, yes] = [before, last];
  while (yes - no > 1) {
    const middle = Math.floor((no + yes) / 2);
    if (is(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}

/** @param month From 1. @param day May be beyond the month, either way. */
export function isoDate(year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}
