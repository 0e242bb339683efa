import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rateLimit } from "../../../src/resilience/rate-limit.ts";
import { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import { fixedWindow } from "../../naive/rate-limit-fixed-window.ts";
import { sourceLimiter } from "../../naive/rate-limit-last-call.ts";
import { burstOf, HOUR_MS, MINUTE_MS } from "./support.ts";

const PER_MINUTE = 60;
const BURST = 5;
const PER_MS = PER_MINUTE / MINUTE_MS;

/** Time goes on, or is set an hour on or back, as after sleep or by hand. */
const steps = fc.array(
  fc.record({
    ms: fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.constantFrom(HOUR_MS, -HOUR_MS, 8 * HOUR_MS)),
    calls: fc.integer({ min: 0, max: 30 }),
  }),
  { minLength: 1, maxLength: 60 },
);

type Steps = readonly { readonly ms: number; readonly calls: number }[];
/** @returns Whether one call passes at that time. */
type Try = (nowMs: number) => boolean;

function ours(): Try {
  let nowMs = 0;
  const clock = { now: () => nowMs, monotonic: () => nowMs };
  const limiter = rateLimit({
    name: "steps",
    perMinute: PER_MINUTE,
    burst: BURST,
    clock,
    metrics: new MetricSources(),
  });
  return (atMs) => {
    nowMs = atMs;
    return limiter.tryAcquire().allowed;
  };
}

/** The most that ever passed at one time. */
function mostAtOnce(all: Steps, passes: Try): number {
  let nowMs = 100 * HOUR_MS;
  let most = 0;
  for (const { ms, calls } of all) {
    nowMs += ms;
    let passed = 0;
    for (let i = 0; i < calls; i++) if (passes(nowMs)) passed += 1;
    most = Math.max(most, passed);
  }
  return most;
}

/** What passed in all, over what time that went on can have freed. A step on frees the burst at most, one back nothing. */
function overAdmitted(all: Steps, passes: Try): number {
  let nowMs = 100 * HOUR_MS;
  let passed = 0;
  let free = BURST;
  for (const { ms, calls } of all) {
    nowMs += ms;
    free += Math.min(BURST, Math.max(0, ms) * PER_MS);
    for (let i = 0; i < calls; i++) if (passes(nowMs)) passed += 1;
  }
  return passed - free;
}

describe("a clock that is set an hour on or back", () => {
  it("never lets more than the burst through at once", () => {
    fc.assert(
      fc.property(steps, (all) => mostAtOnce(all, ours()) <= BURST),
      { numRuns: 500 },
    );
  });

  it("never frees more than the burst, nor anything when it goes back", () => {
    fc.assert(
      fc.property(steps, (all) => overAdmitted(all, ours()) <= 1e-6),
      { numRuns: 500 },
    );
  });

  it("does not stop a limiter for longer than it takes to empty its burst", () => {
    const passes = ours();
    for (let i = 0; i < BURST; i++) passes(10 * HOUR_MS);
    expect(passes(9 * HOUR_MS)).toBe(false);
    expect(passes(9 * HOUR_MS + 1_000)).toBe(true);
  });

  it("frees nothing of a day when it goes back, nor when it is set right again", () => {
    let nowMs = 100 * HOUR_MS;
    const clock = { now: () => nowMs, monotonic: () => nowMs };
    const limiter = rateLimit({ name: "day", perDay: 5, clock, metrics: new MetricSources() });
    const passed = () => burstOf(limiter, 10);
    expect(passed()).toBe(5);
    nowMs -= 3 * HOUR_MS;
    expect(passed()).toBe(0);
    nowMs += 3 * HOUR_MS;
    expect(passed()).toBe(0);
    nowMs += 25 * HOUR_MS;
    expect(passed()).toBe(5);
  });

  it("is noticed by no limiter where it is the wall clock", () => {
    let wallMs = 0;
    const clock = { now: () => wallMs, monotonic: () => 1_000 };
    const limiter = rateLimit({ name: "wall", perMinute: 60, clock, metrics: new MetricSources() });
    expect(limiter.tryAcquire().allowed).toBe(true);
    wallMs += HOUR_MS;
    expect(limiter.tryAcquire().allowed).toBe(false);
  });
});

describe("the naive limiters that this is measured against", () => {
  it("let twice the limit through about the end of a fixed window", () => {
    const passes = fixedWindow(PER_MINUTE, MINUTE_MS);
    let passed = 0;
    for (const ms of [MINUTE_MS - 1, MINUTE_MS]) for (let i = 0; i < 1_000; i++) if (passes(ms)) passed += 1;
    expect(passed).toBe(2 * PER_MINUTE);
  });

  it("free what was used when the clock of a fixed window goes back", () => {
    const found = fc.check(
      fc.property(steps, (all) => overAdmitted(all, fixedWindow(BURST, MINUTE_MS)) <= 1e-6),
      { seed: 1, numRuns: 500 },
    );
    expect(found.failed).toBe(true);
  });

  it("wait for an hour when the clock of the source's limiter goes back by one", () => {
    const waitMs = sourceLimiter(PER_MINUTE);
    expect(waitMs(10 * HOUR_MS)).toBe(0);
    expect(waitMs(9 * HOUR_MS)).toBeGreaterThanOrEqual(HOUR_MS);
  });
});
