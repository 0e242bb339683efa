import { type DiagLogger, diag } from "@opentelemetry/api";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { HealthFacts } from "../../src/health/agent-facts.ts";
import { healthStatus } from "../../src/health/agent-health.ts";
import { agentScore, type HealthScore, weightedScore } from "../../src/health/health-score.ts";
import { rateAtLeast } from "../../src/health/wilson.ts";

const NOTHING: HealthFacts = {
  agent: "writer",
  calls: 0,
  failures: 0,
  slow: 0,
  p95Ms: undefined,
  objectiveMs: 30_000,
  errors: {},
  rejections: 0,
  fallbacks: 0,
  quarantinedReads: 0,
  breakerState: undefined,
};
const CLEAN: HealthFacts = { ...NOTHING, calls: 1_000 };

// From few to many, as the threshold between them would be where a formula breaks.
const count = fc.oneof(fc.nat(12), fc.nat(100_000));
const breaker = fc.constantFrom(
  undefined,
  "closed",
  "disabled",
  "half_open",
  "open",
  "forced_open",
  "of tomorrow",
);
const facts = fc
  .record({
    good: count,
    failures: count,
    slow: count,
    rejections: count,
    fallbacks: count,
    quarantinedReads: count,
    breaker,
  })
  .map(({ good, slow, breaker: breakerState, ...counts }): HealthFacts => {
    const calls = good + counts.failures;
    return { ...NOTHING, ...counts, calls, slow: Math.min(slow, calls), breakerState };
  });

const score = (of: HealthFacts) => agentScore(of).score;
const RUNS = { numRuns: 3_000 };

describe("the score", () => {
  it("is a whole number from 0 to 100 where there is data, and else unknown", () => {
    fc.assert(
      fc.property(facts, (each) => {
        const { calls, rejections, fallbacks, quarantinedReads } = each;
        const found = score(each);
        if (calls + rejections + fallbacks + quarantinedReads === 0) expect(found).toBeUndefined();
        else expect(Number.isInteger(found) && found! >= 0 && found! <= 100).toBe(true);
      }),
      RUNS,
    );
  });

  it("never rises when calls fail that had succeeded, nor when more fail", () => {
    fc.assert(
      fc.property(facts, count, (each, more) => {
        fc.pre(each.calls > 0);
        const failed = Math.min(each.calls, each.failures + more);
        expect(score({ ...each, failures: failed })).toBeLessThanOrEqual(score(each)!);
      }),
      RUNS,
    );
  });

  it("never rises when more calls are slow", () => {
    fc.assert(
      fc.property(facts, count, (each, more) => {
        fc.pre(each.calls > 0);
        expect(score({ ...each, slow: Math.min(each.calls, each.slow + more) })).toBeLessThanOrEqual(
          score(each)!,
        );
      }),
      RUNS,
    );
  });

  it.each(["rejections", "fallbacks", "quarantinedReads"] as const)("never rises with %s", (field) => {
    fc.assert(
      fc.property(facts, count, (each, more) => {
        fc.pre(score(each) !== undefined);
        expect(score({ ...each, [field]: each[field] + more })).toBeLessThanOrEqual(score(each)!);
      }),
      RUNS,
    );
  });

  it("never falls with calls that succeed", () => {
    fc.assert(
      fc.property(facts, count, (each, more) => {
        fc.pre(score(each) !== undefined);
        expect(score({ ...each, calls: each.calls + more })).toBeGreaterThanOrEqual(score(each)!);
      }),
      RUNS,
    );
  });

  it("never rises as the breaker goes from closed to half open to open", () => {
    fc.assert(
      fc.property(facts, (each) => {
        fc.pre(score(each) !== undefined);
        const [closed, half, open, forced] = ["closed", "half_open", "open", "forced_open"].map(
          (breakerState) => score({ ...each, breakerState })!,
        );
        expect(half).toBe(Math.min(closed!, 60));
        expect(open).toBe(Math.min(closed!, 20));
        expect(forced).toBe(open);
      }),
      RUNS,
    );
  });

  it("weighs failures with a half, slow and refused calls with a fifth, quarantined reads with a tenth", () => {
    expect(score({ ...CLEAN, calls: 1e9, failures: 1e9 })).toBe(50);
    expect(score({ ...CLEAN, calls: 1e9, slow: 1e9 })).toBe(80);
    expect(score({ ...NOTHING, rejections: 1e9 })).toBe(80);
    expect(score({ ...NOTHING, quarantinedReads: 1e9 })).toBe(90);
  });

  it.each([5, 50, 5_000])("calls an agent unhealthy of which all of %i runs failed", (calls) => {
    expect(healthStatus(score({ ...NOTHING, calls, failures: calls }))).toBe("unhealthy");
  });

  it("takes one failure of one call for half of a failure rate", () => {
    expect(agentScore({ ...NOTHING, calls: 1, failures: 1 })).toEqual({
      score: 75,
      components: { failure: 0.5, slow: 0, rejected: 0, quarantined: 0 },
    });
  });

  it("is unknown where only the breaker is open and nobody has called", () => {
    expect(agentScore({ ...NOTHING, breakerState: "open" })).toEqual({
      score: undefined,
      components: undefined,
    });
  });
});

describe("a formula of one's own", () => {
  const warned = vi.fn();
  const quiet: DiagLogger = { error() {}, warn: warned, info() {}, debug() {}, verbose() {} };
  afterEach(() => diag.disable());

  it("counts instead, also to fractions", () => {
    expect(agentScore(CLEAN, (of) => of.calls / 16).score).toBe(62.5);
  });

  it("can begin with the weighted one", () => {
    expect(agentScore(CLEAN, (of) => weightedScore(of) - 1).score).toBe(99);
  });

  it("is not asked without data", () => {
    expect(agentScore(NOTHING, () => 100).score).toBeUndefined();
  });

  it("gives unknown for what it throws or what is no number from 0 to 100, and is reported once", async () => {
    diag.setLogger(quiet, { suppressOverrideMessage: true });
    const bad: unknown[] = [
      -1,
      101,
      Number.NaN,
      "90",
      undefined,
      Number.POSITIVE_INFINITY,
      Promise.reject(new Error("no")),
    ];
    for (const value of bad) expect(agentScore(CLEAN, (() => value) as HealthScore).score).toBeUndefined();
    const throwing = () => {
      throw new Error("broken formula");
    };
    expect(agentScore(CLEAN, throwing).score).toBeUndefined();
    await new Promise((resolve) => setImmediate(resolve));
    expect(warned.mock.calls.map(([text]) => text)).toEqual([
      "agent-otel: the formula healthScore failed; the program is not affected",
    ]);
  });
});

describe("rateAtLeast", () => {
  it("lies between 0 and the rate, and nears it", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 1_000_000 }), (hits, total) => {
        const rate = Math.min(1, hits / total);
        expect(rateAtLeast(Math.min(hits, total), total)).toBeGreaterThanOrEqual(0);
        expect(rateAtLeast(Math.min(hits, total), total)).toBeLessThanOrEqual(rate);
        expect(rate - rateAtLeast(Math.min(hits, total), total)).toBeLessThanOrEqual(1 / Math.sqrt(total));
      }),
      RUNS,
    );
  });
});
