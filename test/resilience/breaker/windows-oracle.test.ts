import { describe, expect, it } from "vitest";
import type { CountedOutcome } from "../../../src/resilience/breaker/outcome.ts";
import { countWindow } from "../../../src/resilience/breaker/trip/count-window.ts";
import { timeWindow } from "../../../src/resilience/breaker/trip/time-window.ts";
import { seeded } from "./random.ts";

// Each window against the plain way to do it: keep every call, and count those that are inside again for each verdict.

/** Of each kind of window, a quarter for each size. */
const EVENTS = 1_000_000;
const RATES = { failureRate: 0.4, slowRate: 0.3, slowCallMs: 100 };

interface Event {
  readonly outcome: CountedOutcome;
  readonly durationMs: number;
  readonly atMs: number;
}

const failed = ({ outcome }: Event): boolean => outcome === "failure" || outcome === "slow_failure";
const slow = ({ outcome, durationMs }: Event): boolean => outcome.startsWith("slow") || durationMs >= 100;

function verdict(calls: number, failures: number, slowCalls: number, minimumCalls: number): boolean {
  return calls >= minimumCalls && (failures / calls >= 0.4 || slowCalls / calls >= 0.3);
}

/** Healthy and sick times take turns, so that both verdicts are common. */
function randomEvent(random: () => number, n: number, atMs: number): Event {
  const bad = Math.floor(n / 300) % 2 === 0 ? 0.2 : 0.5;
  const fails = random() < bad;
  const named = random() < 0.1;
  const outcome = `${named ? "slow_" : ""}${fails ? "failure" : "success"}` as CountedOutcome;
  return { outcome, durationMs: random() < 0.1 ? Number.NaN : random() * 115, atMs };
}

describe("a count window", () => {
  it.each([
    [1, 1],
    [7, 3],
    [20, 5],
    [50, 50],
  ])(
    "of %d calls, at least %d, says what a recount says, for each of 250,000 calls",
    (size, minimumCalls) => {
      const random = seeded(size);
      const rule = countWindow({ size, minimumCalls, ...RATES });
      const last: Event[] = [];
      let [tripped, differences] = [0, 0];
      for (let n = 0; n < EVENTS / 4; n += 1) {
        const event = randomEvent(random, n, 0);
        last.push(event);
        if (last.length > size) last.shift();
        let [failures, slowCalls] = [0, 0];
        for (const each of last) {
          if (failed(each)) failures += 1;
          if (slow(each)) slowCalls += 1;
        }
        const trips = rule.record(event.outcome, event.durationMs, 0);
        if (trips !== verdict(last.length, failures, slowCalls, minimumCalls)) differences += 1;
        if (trips) tripped += 1;
      }
      expect(differences).toBe(0);
      expect(tripped).toBeGreaterThan(EVENTS / 40);
      expect(tripped).toBeLessThan((EVENTS / 40) * 9);
    },
  );
});

/** Whole milliseconds meet the ends of buckets exactly; now and then a gap of up to three windows. */
function gap(random: () => number, windowMs: number, whole: boolean): number {
  const scale = random() < 0.01 ? windowMs * 3 : windowMs / 10;
  const ms = random() < 0.05 ? windowMs : random() * scale;
  return whole ? Math.floor(ms) : ms + 0.001;
}

/** The verdicts that are right within one bucket: calls of the oldest bucket's time may have left, oldest first. */
function verdicts(
  kept: readonly Event[],
  nowMs: number,
  youngestMs: number,
  minimumCalls: number,
): Set<boolean> {
  let calls = kept.length;
  let failures = 0;
  let slowCalls = 0;
  for (const each of kept) {
    if (failed(each)) failures += 1;
    if (slow(each)) slowCalls += 1;
  }
  const right = new Set([verdict(calls, failures, slowCalls, minimumCalls)]);
  for (const each of kept) {
    if (nowMs - each.atMs <= youngestMs) break;
    calls -= 1;
    if (failed(each)) failures -= 1;
    if (slow(each)) slowCalls -= 1;
    right.add(verdict(calls, failures, slowCalls, minimumCalls));
  }
  return right;
}

describe("a time window", () => {
  it.each([
    { windowMs: 1_000, buckets: 10, minimumCalls: 5, whole: true },
    { windowMs: 60_000, buckets: 60, minimumCalls: 5, whole: true },
    { windowMs: 100, buckets: 1, minimumCalls: 2, whole: true },
    { windowMs: 1_000, buckets: 7, minimumCalls: 3, whole: false },
  ])(
    "of %o is right within one bucket, for each of 250,000 calls",
    ({ windowMs, buckets, minimumCalls, whole }) => {
      const random = seeded(windowMs + buckets);
      const rule = timeWindow({ windowMs, buckets, minimumCalls, ...RATES });
      const kept: Event[] = [];
      let [atMs, wrong, tripped, certain] = [0, 0, 0, 0];
      for (let n = 0; n < EVENTS / 4; n += 1) {
        atMs += gap(random, windowMs, whole);
        const event = randomEvent(random, n, atMs);
        kept.push(event);
        while (atMs - kept[0]!.atMs >= windowMs) kept.shift();
        const right = verdicts(kept, atMs, windowMs - windowMs / buckets, minimumCalls);
        const trips = rule.record(event.outcome, event.durationMs, atMs);
        if (!right.has(trips)) wrong += 1;
        if (trips) tripped += 1;
        if (right.size === 1) certain += 1;
      }
      expect(wrong).toBe(0);
      // Enough of each verdict, and enough calls for which only one is right.
      expect(Math.min(tripped, EVENTS / 4 - tripped)).toBeGreaterThan(EVENTS / 40);
      expect(certain).toBeGreaterThan(buckets === 1 ? EVENTS / 40 : EVENTS / 8);
    },
  );
});
