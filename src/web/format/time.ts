import { duration } from "./duration.ts";

/**
 * The viewer's clock: `14:03:22` today, `20 Nov 14:03` before.
 *
 * @param zone IANA name. @default the viewer's
 */
export function clockTime(iso: string, nowMs: number, zone?: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const inZone = zone === undefined ? {} : { timeZone: zone };
  const day = new Intl.DateTimeFormat("en-CA", { ...inZone, dateStyle: "short" });
  const today = day.format(at) === day.format(new Date(nowMs));
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...inZone } as const;
  return new Intl.DateTimeFormat(
    "en-GB",
    today ? { ...clock, second: "2-digit" } : { ...clock, day: "numeric", month: "short" },
  )
    .format(at)
    .replace(",", "");
}

/** `12 s ago`. Clocks of two machines differ: what seems to come is `now`. */
export function ago(iso: string, nowMs: number): string {
  const ms = nowMs - Date.parse(iso);
  if (Number.isNaN(ms)) return "";
  if (ms < 1_000) return "now";
  return `${duration(ms < 60_000 ? Math.floor(ms / 1000) * 1000 : ms).replace(/\.\d+/, "")} ago`;
}

/** A calendar day in UTC, as the server counts: `20 Nov`. */
export function dayName(date: string): string {
  const at = new Date(`${date}T00:00:00Z`);
  return new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "short" }).format(at);
}

/** What stands in a tooltip: UTC, to the millisecond. */
export function utc(iso: string): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? iso : `${at.toISOString().replace("T", " ").replace("Z", "")} UTC`;
}
