/** As source 001: remembers when the last call was, and waits for the rest of the interval. @returns Milliseconds to wait. */
export function sourceLimiter(perMinute: number): (nowMs: number) => number {
  const intervalMs = 60_000 / perMinute;
  let lastCallMs = Number.NEGATIVE_INFINITY;
  return (nowMs) => {
    const waitMs = Math.max(0, intervalMs - (nowMs - lastCallMs));
    lastCallMs = nowMs + waitMs;
    return waitMs;
  };
}
