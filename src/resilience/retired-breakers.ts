import type { BreakerFacts, TransitionCount } from "../telemetry/resilience/breaker-facts.ts";
import { VALUE_OTHER } from "../telemetry/semconv.ts";

/** What breakers had counted that a registry has let go: a counter that went down would read as a restart of the program. */
export class RetiredBreakers {
  #sum: BreakerFacts | undefined;

  add(facts: BreakerFacts): void {
    const sum = this.#sum ?? { ...NOTHING, name: VALUE_OTHER, state: facts.state };
    this.#sum = {
      ...sum,
      rejections: sum.rejections + facts.rejections,
      lateResults: sum.lateResults + facts.lateResults,
      ignored: sum.ignored + facts.ignored,
      storeFailures: sum.storeFailures + facts.storeFailures,
      transitions: facts.transitions.reduce(withCount, sum.transitions),
    };
  }

  facts(): readonly BreakerFacts[] {
    return this.#sum === undefined ? [] : [this.#sum];
  }
}

const NOTHING = { rejections: 0, lateResults: 0, ignored: 0, storeFailures: 0, transitions: [] } as const;

function withCount(counts: readonly TransitionCount[], add: TransitionCount): readonly TransitionCount[] {
  const isSame = (each: TransitionCount) =>
    each.from === add.from && each.to === add.to && each.reason === add.reason;
  if (!counts.some(isSame)) return [...counts, add];
  return counts.map((each) => (isSame(each) ? { ...each, count: each.count + add.count } : each));
}
