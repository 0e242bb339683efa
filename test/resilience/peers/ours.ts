import { isAgentError } from "../../../src/errors/agent-error.ts";
import { timeWindow } from "../../../src/resilience/breaker/trip/time-window.ts";
import { BreakerRegistry } from "../../../src/resilience/breaker-registry.ts";
import { type CircuitBreakerOptions, circuitBreaker } from "../../../src/resilience/circuit-breaker.ts";
import type { Policy } from "../../../src/resilience/policy.ts";
import { timeout } from "../../../src/resilience/timeout.ts";
import { wrap } from "../../../src/resilience/wrap.ts";
import { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import { ManualClock } from "../../../src/testing/index.ts";
import { ManualTimers, settled } from "../../pipeline/durable-span-exporter/support.ts";
import type { BreakerUnderTest, Wanted } from "./breaker.ts";

/** Ours, on a clock that the test moves. */
export function ours(wanted: Wanted): BreakerUnderTest {
  const clock = new ManualClock();
  const timers = new ManualTimers();
  const registry = new BreakerRegistry({ metrics: new MetricSources() });
  const breaker = circuitBreaker({ name: "ours", registry, clock, jitter: 0, ...optionsFor(wanted) });
  const inner: Policy[] = [];
  if (wanted.capacity !== undefined) inner.push(oneAtATime(registry, clock));
  if (wanted.callTimeoutMs !== undefined)
    inner.push(timeout(wanted.callTimeoutMs, { clock, after: timers.after }));
  const policy = wrap(breaker, ...inner);
  return {
    get state() {
      return breaker.state as BreakerUnderTest["state"];
    },
    call: (fn, signal) => policy.execute((own) => fn(own), signal),
    isRefusal: (error) => isAgentError(error) && error.code === "circuit_open",
    async advance(ms) {
      clock.advance(ms);
      await timers.advance(ms);
      await settled();
    },
    close() {},
  };
}

function optionsFor({ failures, windowMs, recoveryMs, onSuccess }: Wanted): Partial<CircuitBreakerOptions> {
  return {
    ...(windowMs === undefined
      ? { failureThreshold: failures ?? 5 }
      : { trip: timeWindow({ windowMs, minimumCalls: 5 }) }),
    ...(recoveryMs !== undefined && { recoveryTimeoutMs: recoveryMs }),
    ...(onSuccess && {
      fallback: { kind: "none", answer: () => Promise.resolve(undefined), succeeded: onSuccess },
    }),
  };
}

/** Refuses a second call in our own name: a breaker whose one trial call is under way. */
function oneAtATime(registry: BreakerRegistry, clock: ManualClock): Policy {
  const limit = circuitBreaker({ name: "limit", registry, clock, jitter: 0, failureThreshold: 1 });
  limit.recordFailure(new Error("boom"));
  clock.advance(30_000);
  return limit;
}
