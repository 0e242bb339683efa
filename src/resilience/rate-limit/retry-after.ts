import { LONGEST_PAUSE_MS } from "../../stores/rate-limits/rate-rule.ts";

const TOO_MANY = 429;
/** Anthropic's "overloaded". */
const OVERLOADED = 529;
/** Added to a pause by chance, so that those who were refused together do not come back together. */
const SPREAD = 0.1;

/**
 * How long an error of a provider asks to wait: status 429 or 529 with `retry-after-ms`, or `retry-after` in seconds or as a date. At
 * most five minutes, and never less than was asked up to there.
 *
 * @param nowMs Wall clock, for dates where the answer has no `date` of its own.
 * @returns Milliseconds; `undefined` where it asks for nothing.
 */
export function pauseOf(error: unknown, nowMs: number, random: () => number): number | undefined {
  if (!asksToWait(error)) return undefined;
  const askedMs = askedFor(headersOf(error), nowMs);
  if (askedMs === undefined || !(askedMs > 0)) return undefined;
  return Math.min(LONGEST_PAUSE_MS, askedMs * (1 + SPREAD * random()));
}

/** Where the clients of providers keep the headers of an answer: on the error, or on its `response`. */
export function headersOf(error: unknown): unknown {
  const { headers, response } = fields(error);
  return headers ?? fields(response)["headers"];
}

/** @param headers A Headers object, or a plain one with names in whatever case. */
export function headerOf(headers: unknown, name: string): string | undefined {
  if (typeof headers !== "object" || headers === null) return undefined;
  const { get } = headers as { get?: unknown };
  if (typeof get === "function") return text(get.call(headers, name));
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  return text(Array.isArray(found?.[1]) ? found[1][0] : found?.[1]);
}

function asksToWait(error: unknown): boolean {
  const { status, statusCode, response } = fields(error);
  const code = status ?? statusCode ?? fields(response)["status"];
  return code === TOO_MANY || code === OVERLOADED;
}

function askedFor(headers: unknown, nowMs: number): number | undefined {
  const ms = number(headerOf(headers, "retry-after-ms"));
  if (ms !== undefined) return ms;
  const after = headerOf(headers, "retry-after");
  const seconds = number(after);
  if (seconds !== undefined) return seconds * 1_000;
  const atMs = date(after);
  // By the clock that the date was made by, where that is known.
  return atMs === undefined ? undefined : atMs - (date(headerOf(headers, "date")) ?? nowMs);
}

/** Digits only: `Number` would take a hexadecimal, and `Date.parse` a number for a year. */
function number(value: string | undefined): number | undefined {
  return value !== undefined && /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

function date(value: string | undefined): number | undefined {
  const ms = value !== undefined && /^[A-Z][a-z]{2,}, /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function text(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value.trim() : undefined;
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
