import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { BreakerUnderTest, MakeBreaker } from "./peers/breaker.ts";
import * as cases from "./peers/cases.ts";
import { cockatiel } from "./peers/cockatiel.ts";
import { opossum } from "./peers/opossum.ts";
import { ours } from "./peers/ours.ts";

// Where breakers go wrong, ours and two others side by side. What the others do is stated as it was measured, so that a release of
// theirs that does better is noticed here.

const NOT_APPLICABLE = "not applicable: ";

interface Row {
  readonly name: string;
  readonly run: (make: MakeBreaker) => Promise<string>;
  readonly ours: string;
  readonly opossum: string;
  readonly cockatiel: string;
}

const rows: readonly Row[] = [
  {
    name: "1,000 concurrent calls at half-open",
    run: cases.burstAtHalfOpen,
    ours: "1 admitted, 999 refused, 0 parked, 0 more at once when it succeeds",
    opossum: "1 admitted, 999 refused, 0 parked, 0 more at once when it succeeds",
    cockatiel: "1 admitted, 0 refused, 999 parked, 999 more at once when it succeeds",
  },
  {
    name: "success of a call from before it opened, at half-open",
    run: cases.lateSuccess,
    ours: "does not close",
    opossum: "closes, no trial call made",
    cockatiel: "does not close",
  },
  {
    name: "failure of a call from before it opened, at half-open",
    run: cases.lateFailure,
    ours: "half_open, and closed when the trial call succeeds",
    opossum: "open, and open when the trial call succeeds",
    cockatiel: "open, and open when the trial call succeeds",
  },
  {
    name: "a trial call that hangs, ten recovery times later",
    run: cases.hungTrialCall,
    ours: "20 of 20 answered, 0 refused, 0 never settle",
    opossum: "0 of 20 answered, 20 refused, 0 never settle",
    cockatiel: "0 of 20 answered, 0 refused, 20 never settle",
  },
  {
    name: "four failures, five idle minutes, one failure, in a window of 5 s",
    run: cases.staleWindow,
    ours: "closed",
    opossum: "closed",
    cockatiel: "open",
  },
  {
    name: "one call times out while ten healthy ones are in flight",
    run: cases.oneTimesOut,
    ours: "0 of 10 aborted",
    opossum: "10 of 10 aborted",
    cockatiel: "0 of 10 aborted",
  },
  {
    name: "ten healthy calls where one may run at a time",
    run: cases.ownRefusals,
    ours: "9 of 10 refused by itself, closed",
    opossum: "9 of 10 refused by itself, open",
    cockatiel: `${NOT_APPLICABLE}its limit is a policy of its own, and what counts is for the user to say`,
  },
  {
    name: "a listener for success that throws",
    run: cases.throwingListener,
    ours: "the caller has its answer, closed",
    opossum: "the caller sees a rejection, open",
    cockatiel: "the caller sees a rejection, open",
  },
  {
    name: "the caller cancels the trial call",
    run: cases.cancelledTrialCall,
    ours: "half_open",
    opossum: `${NOT_APPLICABLE}it takes no signal from its caller`,
    cockatiel: "open",
  },
];

const libraries: Readonly<Record<"ours" | "opossum" | "cockatiel", MakeBreaker>> = {
  ours,
  opossum,
  cockatiel,
};

describe.each(Object.keys(libraries) as (keyof typeof libraries)[])("%s", (library) => {
  const made: BreakerUnderTest[] = [];
  const make: MakeBreaker = (wanted) => {
    const breaker = libraries[library](wanted);
    made.push(breaker);
    return breaker;
  };

  beforeEach(() => {
    // Ours has a clock to move; the others read the machine's, and set its timers.
    if (library !== "ours")
      vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  });
  afterEach(() => {
    for (const breaker of made.splice(0)) breaker.close();
    vi.useRealTimers();
  });

  for (const row of rows) {
    const seen = row[library];
    it.skipIf(seen.startsWith(NOT_APPLICABLE))(`${row.name}: ${seen}`, async () => {
      expect(await row.run(make)).toBe(seen);
    });
  }
});
