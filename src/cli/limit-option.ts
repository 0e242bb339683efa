import { UsageError } from "./cli-error.ts";

const MOST = 10_000;

/** What `--limit` says. @throws UsageError unless it is a whole number from 1 to 10,000. */
export function limitOption(text: string): number {
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MOST) return limit;
  throw new UsageError(`--limit must be a whole number from 1 to ${MOST}, got "${text}"`);
}
