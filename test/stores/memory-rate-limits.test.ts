import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rulesOf } from "../../src/resilience/rate-limit/rules-of.ts";
import { MemoryRates } from "../../src/stores/rate-limits/memory-rates.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Passed {
  readonly atMs: number;
  readonly calls: number;
}

type Steps = readonly { readonly ms: number; readonly calls: number }[];

function steps(longestMs: number) {
  const step = fc.record({
    ms: fc.integer({ min: 0, max: longestMs }),
    calls: fc.integer({ min: 1, max: 4 }),
  });
  return fc.array(step, { minLength: 1, maxLength: 120 });
}

/** What passes, and what each was told. */
function play(options: Omit<Parameters<typeof rulesOf>[0], "name">, all: Steps) {
  let nowMs = 0;
  const rules = rulesOf({ name: "x", ...options });
  const rates = new MemoryRates({ rules, name: "x", maxKeys: 10, nowMs: () => nowMs });
  const passed: Passed[] = [];
  const said = all.map(({ ms, calls }) => {
    nowMs += ms;
    const verdict = rates.take("key", calls, 0);
    if (verdict.allowed) passed.push({ atMs: nowMs, calls });
    return { atMs: nowMs, calls, verdict };
  });
  return { passed, said };
}

function callsIn(passed: readonly Passed[], fromMs: number, untilMs: number): number {
  return passed
    .filter(({ atMs }) => atMs >= fromMs && atMs <= untilMs)
    .reduce((sum, { calls }) => sum + calls, 0);
}

describe("what passes a bucket", () => {
  const options = { perMinute: 60, burst: 5 };

  it("is between any two times at most the burst and what flows off meanwhile", () => {
    fc.assert(
      fc.property(steps(4_000), (all) => {
        const { passed } = play(options, all);
        for (const [i, from] of passed.entries())
          for (const until of passed.slice(i)) {
            const most = 5 + (until.atMs - from.atMs) / 1_000;
            expect(callsIn(passed.slice(i), from.atMs, until.atMs)).toBeLessThanOrEqual(most + 1e-6);
          }
      }),
      { numRuns: 300 },
    );
  });

  it("is all that a bucket counted by hand lets through", () => {
    fc.assert(
      fc.property(steps(4_000), (all) => {
        let free = 5;
        const expected = all.map(({ ms, calls }) => {
          free = Math.min(5, free + ms / 1_000);
          const allowed = free >= calls - 1e-6;
          if (allowed) free -= calls;
          return allowed;
        });
        expect(play(options, all).said.map(({ verdict }) => verdict.allowed)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("passes when it was said that it would, and no millisecond before", () => {
    fc.assert(
      fc.property(steps(4_000), (all) => {
        const { said } = play(options, all);
        const last = said.at(-1)!;
        fc.pre(!last.verdict.allowed);
        const again = (ms: number) =>
          play(options, [...all, { ms, calls: last.calls }]).said.at(-1)!.verdict.allowed;
        expect(again(last.verdict.retryAfterMs)).toBe(true);
        expect(again(last.verdict.retryAfterMs - 1)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe("what passes a day", () => {
  const options = { perDay: 20 };

  it("is in no 24 hours more than the limit", () => {
    fc.assert(
      fc.property(steps(6 * HOUR_MS), (all) => {
        const { passed } = play(options, all);
        for (const { atMs } of passed) expect(callsIn(passed, atMs, atMs + DAY_MS)).toBeLessThanOrEqual(20);
      }),
      { numRuns: 300 },
    );
  });

  it("is whatever fits into the 25 hours before", () => {
    fc.assert(
      fc.property(steps(6 * HOUR_MS), (all) => {
        const { passed, said } = play(options, all);
        for (const { atMs, calls, verdict } of said) {
          if (verdict.allowed) continue;
          expect(callsIn(passed, atMs - DAY_MS - HOUR_MS, atMs) + calls).toBeGreaterThan(20);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("passes when it was said that it would", () => {
    fc.assert(
      fc.property(steps(2 * HOUR_MS), (all) => {
        const { said } = play(options, all);
        const last = said.at(-1)!;
        fc.pre(!last.verdict.allowed);
        const again = (ms: number) =>
          play(options, [...all, { ms, calls: last.calls }]).said.at(-1)!.verdict.allowed;
        expect(again(last.verdict.retryAfterMs)).toBe(true);
        expect(again(last.verdict.retryAfterMs - 1)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe("a pause", () => {
  it("ends after five minutes at most, also where nobody has looked meanwhile", () => {
    let nowMs = 0;
    const rules = rulesOf({ name: "x", perMinute: 60 });
    const rates = new MemoryRates({ rules, name: "x", maxKeys: 10, nowMs: () => nowMs });
    rates.pause("key", DAY_MS);
    nowMs = 300_000;
    expect(rates.take("key", 1, 0).allowed).toBe(true);
  });
});
