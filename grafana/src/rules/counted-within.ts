import type { TimeScale } from "./time-scale.ts";

/**
 * What a counter has counted within a range, exactly, for what happens now and then.
 *
 * `increase` would miss the first of a series that begins at 1, as counters with labels that nobody knew before do, and makes
 * 1.07 of 1. Here a series that was not there before counts whole, and so does one that began anew. Before: up to five ranges ago, so
 * that a gap in the scrapes is no beginning.
 */
export function countedWithin(selector: string, length: string, time: TimeScale): string {
  const range = time.range(length);
  const before = `last_over_time(${selector}[${time.range(fourTimes(length))}] offset ${range})`;
  return `((${selector} - ${before} >= 0) or ${selector})`;
}

const fourTimes = (length: string): string => length.replace(/\d+/, (count) => String(Number(count) * 4));
