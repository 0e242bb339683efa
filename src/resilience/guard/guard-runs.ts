import { warnOnce } from "../../internal/warn-once.ts";
import type { RunKey } from "./guard-options.ts";
import { GuardRun, type RunSettings } from "./guard-run.ts";

/** The runs of one guard. Those with an id are bounded in number; those of an object live as long as that. */
export class GuardRuns {
  /** Of all calls that say nothing of their run. */
  readonly shared: GuardRun;
  readonly #settings: RunSettings;
  readonly #maxRuns: number;
  /** In the order of use, the last used at the end. */
  readonly #named = new Map<string, GuardRun>();
  readonly #byObject = new WeakMap<object, GuardRun>();
  #isFull = false;
  readonly #lineages = new WeakMap<object, object>();

  constructor(settings: RunSettings, maxRuns: number) {
    this.#settings = settings;
    this.#maxRuns = maxRuns;
    this.shared = this.create();
  }

  create(): GuardRun {
    return new GuardRun(this.#settings);
  }

  of(key: RunKey): GuardRun {
    if (key === undefined || key === null) return this.shared;
    return typeof key === "object" ? this.#ofObject(key) : this.#ofName(String(key));
  }

  /**
   * Whose values a state may be given. Within a run those of the run; among the calls that say nothing of their run only those of states
   * that came from one another, as the state that one node returned and the next one was called with.
   */
  lineageOf(run: GuardRun, state: object): object {
    if (run !== this.shared) return run;
    const lineage = this.#lineages.get(state) ?? {};
    this.#lineages.set(state, lineage);
    return lineage;
  }

  /** That state came from one of this lineage. */
  continues(lineage: object, state: unknown): void {
    if (typeof state === "object" && state !== null) this.#lineages.set(state, lineage);
  }

  #ofObject(key: object): GuardRun {
    let run = this.#byObject.get(key);
    if (run === undefined) {
      run = this.create();
      this.#byObject.set(key, run);
    }
    return run;
  }

  #ofName(name: string): GuardRun {
    let run = this.#named.get(name);
    if (run === undefined) {
      if (!this.#hasRoom()) return this.shared;
      run = this.create();
    }
    this.#named.delete(name);
    this.#named.set(name, run);
    return run;
  }

  /**
   * Lets go of the run that was used longest ago, of those that hold nothing back, else of those whose blocks are over. Where there is
   * none, new runs share one, and go on doing so while that holds anything back: what one of them has lost stays lost to it.
   */
  #hasRoom(): boolean {
    if (this.#isFull && this.shared.blocks.length > 0) return false;
    this.#isFull = this.#named.size >= this.#maxRuns && !this.#dropIf(isClean) && !this.#dropIf(isOver);
    if (this.#isFull) {
      warnOnce(
        "guard:runs",
        "a cascade guard has no room for more runs (maxRuns); those beyond share what is quarantined",
      );
    }
    return !this.#isFull;
  }

  #dropIf(fits: (run: GuardRun) => boolean): boolean {
    for (const [name, run] of this.#named) {
      if (run.isIdle && fits(run)) return this.#named.delete(name);
    }
    return false;
  }
}

function isClean(run: GuardRun): boolean {
  return run.blocks.length === 0;
}

function isOver(run: GuardRun): boolean {
  return !run.isBlocked;
}
