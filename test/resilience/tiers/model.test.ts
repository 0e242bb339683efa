import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Attempt, TierLadder } from "../../../src/resilience/tiers/tier-ladder.ts";
import { ManualClock } from "../../../src/testing/index.ts";

const INTERVAL_MS = 1_000;

interface Go {
  readonly level: number;
  readonly isTrial: boolean;
  /** Changes of level before it began. */
  readonly changes: number;
}

/** What the ladder promises, written down anew: as a list of what has happened, from which everything is worked out. */
class Reference {
  level = 0;
  readonly #floor: number;
  #changes = 0;
  #lastMs = 0;
  #trial: { readonly go: Go; readonly sinceMs: number } | undefined;

  constructor(floor: number) {
    this.#floor = floor;
  }

  begin(nowMs: number): Go {
    const isHealthy = nowMs - this.#lastMs >= INTERVAL_MS;
    const isFree = this.#trial === undefined || nowMs - this.#trial.sinceMs >= INTERVAL_MS;
    const isTrial = this.level > 0 && isHealthy && isFree;
    const go = { level: this.level - (isTrial ? 1 : 0), isTrial, changes: this.#changes };
    if (isTrial) this.#trial = { go, sinceMs: nowMs };
    return go;
  }

  end(go: Go, how: "succeeded" | "failed" | "saidNothing", nowMs: number): void {
    const isTheTrial = go === this.#trial?.go;
    if (isTheTrial && how === "saidNothing") this.#trial = undefined;
    else if (isTheTrial && how === "succeeded") this.#move(go.level, nowMs);
    else if (isTheTrial) this.#move(this.level, nowMs, 0);
    else if (how === "failed" && !go.isTrial && go.changes === this.#changes && go.level < this.#floor)
      this.#move(go.level + 1, nowMs);
  }

  recover(nowMs: number): void {
    if (this.level !== 0) this.#move(0, nowMs);
  }

  #move(level: number, nowMs: number, changes = 1): void {
    this.level = level;
    this.#changes += changes;
    this.#lastMs = nowMs;
    this.#trial = undefined;
  }
}

const event = fc.oneof(
  fc.record({ do: fc.constant("begin" as const) }),
  fc.record({
    do: fc.constant("end" as const),
    which: fc.nat(),
    how: fc.constantFrom("succeeded" as const, "failed" as const, "saidNothing" as const),
  }),
  fc.record({ do: fc.constant("wait" as const), ms: fc.nat(1_500) }),
  fc.record({ do: fc.constant("recover" as const) }),
);

describe("the ladder of tiers", () => {
  it("stands where a small reference model says, whatever the order of calls, results and time", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.array(event, { maxLength: 120, size: "max" }),
        (floor, events) => {
          const clock = new ManualClock();
          const ladder = new TierLadder(floor, INTERVAL_MS, clock, () => {});
          const model = new Reference(floor);
          const running: { attempt: Attempt; go: Go }[] = [];
          for (const each of events) {
            if (each.do === "wait") clock.advance(each.ms);
            else if (each.do === "recover") {
              ladder.recover();
              model.recover(clock.monotonic());
            } else if (each.do === "begin") {
              const attempt = ladder.begin();
              const go = model.begin(clock.monotonic());
              if (attempt.level !== go.level || attempt.isTrial !== go.isTrial) return false;
              running.push({ attempt, go });
            } else if (running.length > 0) {
              const [ended] = running.splice(each.which % running.length, 1);
              ladder[each.how](ended!.attempt);
              model.end(ended!.go, each.how, clock.monotonic());
            }
            if (ladder.level !== model.level) return false;
          }
          return true;
        },
      ),
      { numRuns: 10_000 },
    );
  });

  it("never has two trial calls within an interval", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 120, size: "max" }), (events) => {
        const clock = new ManualClock();
        const ladder = new TierLadder(2, INTERVAL_MS, clock, () => {});
        ladder.failed(ladder.begin());
        const running: Attempt[] = [];
        let lastMs = Number.NEGATIVE_INFINITY;
        for (const each of events) {
          if (each.do === "wait") clock.advance(each.ms);
          else if (each.do === "begin") {
            const attempt = ladder.begin();
            running.push(attempt);
            if (!attempt.isTrial) continue;
            expect(clock.monotonic() - lastMs).toBeGreaterThanOrEqual(INTERVAL_MS);
            lastMs = clock.monotonic();
          } else if (each.do === "end" && each.how !== "saidNothing" && running.length > 0) {
            ladder[each.how](running.splice(each.which % running.length, 1)[0]!);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
