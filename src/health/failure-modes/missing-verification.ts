import { VERIFIES_ANY } from "../../agent/declarations.ts";
import type { Detector, Found, RunDetector } from "./detector.ts";
import { Bounded } from "./lineage.ts";
import { around, type Step } from "./step.ts";

const MAX_PRODUCERS = 1_000;

/** FM-3.2: what an agent made last is not looked at by any of those that were declared to check it (`verifies`). */
export function missingVerification(): Detector {
  return { mode: "missing_verification", watch: (found) => new MissingVerification(found) };
}

class MissingVerification implements RunDetector {
  readonly #found: Found;
  /** The last success of each agent that is to be checked, until it is. */
  readonly #unchecked = new Bounded<string, Step>(MAX_PRODUCERS);
  /** Agents whose work somebody has checked in this run, or is to. */
  readonly #producers = new Bounded<string, true>(MAX_PRODUCERS);
  /** The last success of an agent, by who had called it. */
  readonly #last = new WeakMap<Step, Step>();
  /** Those that have asked for a check of their own work. */
  readonly #asked = new WeakSet<Step>();

  constructor(found: Found) {
    this.#found = found;
  }

  began(step: Step): void {
    if (step.verifies === undefined) return;
    // What it looks at is what is there now.
    for (const name of this.#checkedBy(step)) this.#producers.set(name, true);
  }

  ended(step: Step): void {
    if (step.end?.errorType !== undefined) return;
    if (step.kind === "agent") {
      if (step.verifies === undefined) this.#produced(step);
      else this.#verified(step);
    }
    if (step.parent === undefined && step.end?.left !== true) this.#runEnds(step);
  }

  #produced(step: Step): void {
    if (step.verifiedBy !== undefined) this.#producers.set(step.name, true);
    if (this.#asked.has(step)) this.#unchecked.delete(step.name);
    else this.#unchecked.set(step.name, step);
    if (step.parent !== undefined) this.#last.set(step.parent, step);
  }

  /** A check counts for what had been made when it began, and for the agent that had asked for it. */
  #verified(verifier: Step): void {
    for (const caller of around(verifier)) this.#asked.add(caller);
    for (const name of [...this.#producers.keys()]) {
      if (!verifier.verifies?.includes(name) && !verifier.verifies?.includes(VERIFIES_ANY)) continue;
      const made = this.#unchecked.get(name);
      if (made !== undefined && (made.endedMs ?? 0) <= verifier.beganMs) this.#unchecked.delete(name);
    }
  }

  #checkedBy(verifier: Step): readonly string[] {
    const names = verifier.verifies?.filter((name) => name !== VERIFIES_ANY) ?? [];
    if (!verifier.verifies?.includes(VERIFIES_ANY)) return names;
    const before = verifier.parent && this.#last.get(verifier.parent);
    return before === undefined ? names : [...names, before.name];
  }

  #runEnds(root: Step): void {
    for (const name of this.#producers.keys()) {
      const made = this.#unchecked.get(name);
      if (made === undefined || made === root) continue;
      const names = [name, ...(made.verifiedBy ?? [])];
      const spanIds = made.spanId === undefined ? [] : [made.spanId];
      this.#found(name, { reason: "not_verified", names, spanIds }, root);
    }
  }
}
