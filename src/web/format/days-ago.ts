/** Full hours, so that what is asked for stays the same from one refresh to the next. */
export function daysAgo(days: number, nowMs: number): string {
  const hour = 3_600_000;
  return new Date(Math.floor(nowMs / hour) * hour - days * 24 * hour).toISOString();
}
