import { AsyncLocalStorage } from "node:async_hooks";
import { type Clock, systemClock } from "./clock.ts";
import { CoarseClock } from "./coarse-clock.ts";
import { type After, systemAfter } from "./timers.ts";
import { WaitList } from "./wait-list.ts";

/** More lengths than a program means to have; then those that nobody waits for are let go. */
const MANY_LISTS = 1_000;

/** A list of waits for each length that is asked for. */
export class Waits {
  readonly #after: After;
  readonly #clock: CoarseClock;
  readonly #lists = new Map<number, WaitList>();

  constructor(after: After, clock: Pick<Clock, "monotonic"> = systemClock) {
    this.#after = after;
    this.#clock = new CoarseClock(clock, after);
  }

  /** To be used at once, not kept: one that is idle may be let go. @param ms Whole milliseconds, up to what a timer takes. */
  of(ms: number): WaitList {
    return this.#lists.get(ms) ?? this.#make(ms);
  }

  #make(ms: number): WaitList {
    if (this.#lists.size >= MANY_LISTS) {
      for (const list of this.#lists.values()) if (list.isIdle) this.#lists.delete(list.ms);
    }
    const list = new WaitList(ms, this.#clock, this.#after);
    this.#lists.set(ms, list);
    return list;
  }
}

/** A timer of many calls is none of one call's: it must not keep that call's context alive, nor run in it. */
const outsideOfCalls = AsyncLocalStorage.snapshot();
const afterOutside: After = (ms, run, holds) => outsideOfCalls(systemAfter, ms, run, holds);

/** The waits of this process. */
export class SharedWaits {
  #timers: typeof setTimeout | undefined;
  #waits = new Waits(afterOutside);

  /** As `Waits.of`. A test that puts other timers in place of Node's gets waits that run on those. */
  of(ms: number): WaitList {
    if (this.#timers !== globalThis.setTimeout) {
      this.#timers = globalThis.setTimeout;
      this.#waits = new Waits(afterOutside);
    }
    return this.#waits.of(ms);
  }
}

export const sharedWaits = new SharedWaits();
