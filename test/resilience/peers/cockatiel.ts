import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
  isBrokenCircuitError,
  SamplingBreaker,
  TimeoutStrategy,
  timeout,
  wrap,
} from "cockatiel";
import { vi } from "vitest";
import type { BreakerUnderTest, Wanted } from "./breaker.ts";

const STATES: Partial<Record<CircuitState, BreakerUnderTest["state"]>> = {
  [CircuitState.Closed]: "closed",
  [CircuitState.HalfOpen]: "half_open",
};

/** Cockatiel, on vitest's timers. It is half open from its first trial call on; until then it says open. */
export function cockatiel({
  failures,
  windowMs,
  recoveryMs,
  callTimeoutMs,
  onSuccess,
}: Wanted): BreakerUnderTest {
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: recoveryMs ?? 30_000,
    breaker:
      windowMs === undefined
        ? new ConsecutiveBreaker(failures ?? 5)
        : new SamplingBreaker({ threshold: 0.5, duration: windowMs, minimumRps: 5_000 / windowMs }),
  });
  if (onSuccess !== undefined) breaker.onSuccess(onSuccess);
  const policy =
    callTimeoutMs === undefined ? breaker : wrap(breaker, timeout(callTimeoutMs, TimeoutStrategy.Aggressive));
  return {
    get state() {
      return STATES[breaker.state] ?? "open";
    },
    call: (fn, signal) => policy.execute(({ signal: own }) => fn(own), signal),
    isRefusal: isBrokenCircuitError,
    advance: async (ms) => void (await vi.advanceTimersByTimeAsync(ms)),
    close() {},
  };
}
