const SECONDS = /^\d+(?:\.\d+)?$/;
// The three forms of RFC 9110, 5.6.7. Date.parse alone would take "-5" for a day in 2001.
const DAY = "(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?";
const DATE = new RegExp(`^${DAY}, \\d{2}[ -][A-Z][a-z]{2}[ -]\\d{2,4} \\d{2}:\\d{2}:\\d{2} GMT$`);
const ASCTIME = new RegExp(`^${DAY} [A-Z][a-z]{2} [ \\d]\\d \\d{2}:\\d{2}:\\d{2} \\d{4}$`);

/**
 * Reads a Retry-After header: seconds, or an HTTP date (RFC 9110, 10.2.3).
 *
 * @param nowMs Wall clock, milliseconds since the epoch.
 * @param maxMs The answer is never more, whatever the header says.
 * @returns Milliseconds above 0; `undefined` where the header asks for no wait or cannot be read, and the caller's own
 *   backoff has to do: 0 or a date in the past would otherwise make a hot loop.
 */
export function parseRetryAfter(value: string | undefined, nowMs: number, maxMs: number): number | undefined {
  const text = value?.trim() ?? "";
  const waitMs = SECONDS.test(text) ? Number(text) * 1_000 : dateMs(text) - nowMs;
  const cappedMs = Math.min(Math.ceil(waitMs), maxMs);
  return cappedMs > 0 ? cappedMs : undefined;
}

/** `NaN` where the text is no HTTP date. */
function dateMs(text: string): number {
  if (DATE.test(text)) return Date.parse(text);
  // This form has no zone, and means UTC.
  return ASCTIME.test(text) ? Date.parse(`${text} GMT`) : Number.NaN;
}
