/** Counts from the beginning of each window of the clock. @returns Whether a call passes at that time. */
export function fixedWindow(limit: number, windowMs: number): (nowMs: number) => boolean {
  let window = Number.NaN;
  let used = 0;
  return (nowMs) => {
    const present = Math.floor(nowMs / windowMs);
    if (present !== window) {
      window = present;
      used = 0;
    }
    used += 1;
    return used <= limit;
  };
}
