import { setImmediate as turn } from "node:timers/promises";
import {
  type LocalRateLimitOptions,
  type RateLimiter,
  rateLimit,
} from "../../../src/resilience/rate-limit.ts";
import { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import { ManualTimers } from "../../stores/ledger/manual-timers.ts";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** A limiter whose time moves when told to, and whose pauses are not spread. */
export function limited(options: Partial<LocalRateLimitOptions>): {
  readonly limiter: RateLimiter;
  readonly time: ManualTimers;
  readonly metrics: MetricSources;
} {
  const time = new ManualTimers();
  const metrics = new MetricSources();
  const { clock, after } = time;
  const limiter = rateLimit({ name: "test", clock, after, random: () => 0, metrics, ...options });
  return { limiter, time, metrics };
}

/** Lets time pass, and what waits for it go on. */
export async function pass(time: ManualTimers, ms: number): Promise<void> {
  time.advance(ms);
  await turn();
}

/** How many of so many calls at once are let through. */
export function burstOf(limiter: RateLimiter, calls: number, key?: string): number {
  const request = key === undefined ? undefined : { key };
  return Array.from({ length: calls }, () => limiter.tryAcquire(request)).filter(({ allowed }) => allowed)
    .length;
}

/** Whether a promise has settled by now, and how. */
export function watched<T>(promise: Promise<T>): { readonly state: () => "waiting" | "done" | "refused" } {
  let state: "waiting" | "done" | "refused" = "waiting";
  promise.then(
    () => {
      state = "done";
    },
    () => {
      state = "refused";
    },
  );
  return { state: () => state };
}
