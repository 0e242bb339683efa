const FIRST_MS = 1_000;
/** Half a minute: what waits has to be gone a minute after the receiver is back. */
const LONGEST_MS = 30_000;

/**
 * How long to wait before the next probe: exponential with full jitter, so that the processes of a fleet do not come back in
 * step, and never below a tenth, so that none comes back at once.
 *
 * @param failures In a row, 1 or more.
 * @param random From 0 to 1.
 * @returns Milliseconds.
 */
export function backoffMs(failures: number, random: number): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
  return most * (0.1 + 0.9 * random);
}
