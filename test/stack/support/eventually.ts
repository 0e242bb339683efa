import { setTimeout as wait } from "node:timers/promises";

/**
 * Asks again until `check` gives something, since a pipeline of other programs has flush intervals and scrapes. Fails with the
 * last answer.
 */
export async function eventually<T>(
  what: string,
  check: () => Promise<T | undefined>,
  timeoutMs = 90_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const result = await check();
      if (result !== undefined) return result;
      last = "not yet";
    } catch (error) {
      last = error;
    }
    await wait(500);
  }
  throw new Error(`${what} did not come within ${timeoutMs / 1000} s; last: ${String(last)}`);
}
