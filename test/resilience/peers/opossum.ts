import { createRequire } from "node:module";
import { vi } from "vitest";
import type { BreakerUnderTest, Wanted } from "./breaker.ts";

type Action = (fn: (signal: AbortSignal | undefined) => Promise<unknown>) => Promise<unknown>;

/** What is used of it: it has no types of its own. */
interface Opossum {
  readonly closed: boolean;
  readonly opened: boolean;
  fire(...args: Parameters<Action>): Promise<unknown>;
  on(event: "success", listener: () => void): void;
  shutdown(): void;
}

const Breaker = createRequire(import.meta.url)("opossum") as new (action: Action, options: object) => Opossum;

/** Opossum, on vitest's timers. Its signal is that of one controller, shared by all calls. */
export function opossum(wanted: Wanted): BreakerUnderTest {
  const { failures, windowMs, recoveryMs, callTimeoutMs, capacity, onSuccess } = wanted;
  const abortController = callTimeoutMs === undefined ? undefined : new AbortController();
  const breaker = new Breaker((fn) => fn(abortController?.signal), {
    timeout: callTimeoutMs ?? false,
    errorThresholdPercentage: windowMs === undefined ? 1 : 50,
    volumeThreshold: windowMs === undefined ? (failures ?? 0) : 5,
    ...(windowMs !== undefined && { rollingCountTimeout: windowMs }),
    ...(recoveryMs !== undefined && { resetTimeout: recoveryMs }),
    ...(capacity !== undefined && { capacity, errorThresholdPercentage: 50 }),
    ...(abortController && { abortController }),
  });
  if (onSuccess !== undefined) breaker.on("success", onSuccess);
  return {
    get state() {
      if (breaker.closed) return "closed";
      return breaker.opened ? "open" : "half_open";
    },
    call: <T>(fn: (signal: AbortSignal | undefined) => Promise<T>) => breaker.fire(fn) as Promise<T>,
    isRefusal: (error) => ["EOPENBREAKER", "ESEMLOCKED"].includes((error as { code?: string }).code ?? ""),
    advance: async (ms) => void (await vi.advanceTimersByTimeAsync(ms)),
    close: () => breaker.shutdown(),
  };
}
