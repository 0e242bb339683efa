import type { Meter, Numbers } from "./meter.ts";
import { WINDOW_SLOTS, type WindowRule } from "./rate-rule.ts";

/** One more than the window has, as the present one is not over. */
const SLOTS = WINDOW_SLOTS + 1;

/**
 * A rolling window, kept as the number of the present slot, the sum, and what was used in each slot, the newest first. Slots are told by
 * their age, so a clock that goes back makes none older or younger.
 */
export class Window implements Meter {
  readonly isOfTokens: boolean;
  readonly capacity: number;
  readonly #slotMs: number;
  readonly #slot: number;
  readonly #sum: number;
  readonly #newest: number;
  readonly #oldest: number;

  /** @param offset Where its part of a state begins. */
  constructor({ of, capacity, slotMs }: WindowRule, offset: number) {
    this.isOfTokens = of === "tokens";
    this.capacity = capacity;
    this.#slotMs = slotMs;
    this.#slot = offset;
    this.#sum = offset + 1;
    this.#newest = offset + 2;
    this.#oldest = offset + 1 + SLOTS;
  }

  fresh(nowMs: number): readonly number[] {
    return [this.#slotOf(nowMs), 0, ...new Array<number>(SLOTS).fill(0)];
  }

  update(state: Numbers, at: number, nowMs: number): void {
    const slot = this.#slotOf(nowMs);
    const passed = slot - state[at + this.#slot]!;
    if (passed === 0) return;
    state[at + this.#slot] = slot;
    if (passed > 0) this.#age(state, at, passed);
  }

  used(state: Numbers, at: number): number {
    return state[at + this.#sum]!;
  }

  add(state: Numbers, at: number, amount: number): void {
    if (amount < 0) this.#giveBack(state, at, -amount);
    else {
      state[at + this.#newest]! += amount;
      state[at + this.#sum]! += amount;
    }
  }

  freeInMs(state: Numbers, at: number, amount: number, nowMs: number): number {
    const [newest, oldest] = [at + this.#newest, at + this.#oldest];
    let i = oldest;
    for (let freed = state[i]!; freed < amount && i > newest; freed += state[i]!) i -= 1;
    return (state[at + this.#slot]! + oldest - i + 1) * this.#slotMs - nowMs;
  }

  /** What a provider has left is of its minute, and says nothing of our window. */
  lower(): void {}

  idleInMs(state: Numbers, at: number): number {
    return state[at + this.#sum]! > 0 ? SLOTS * this.#slotMs : 0;
  }

  #slotOf(nowMs: number): number {
    return Math.floor(nowMs / this.#slotMs);
  }

  #age(state: Numbers, at: number, slots: number): void {
    const [newest, oldest] = [at + this.#newest, at + this.#oldest];
    for (let i = oldest; i >= newest; i--) {
      if (i + slots > oldest) state[at + this.#sum]! -= state[i]!;
      state[i] = i - slots >= newest ? state[i - slots]! : 0;
    }
  }

  /** From the newest on: what is given back was mostly taken a moment ago. */
  #giveBack(state: Numbers, at: number, amount: number): void {
    let rest = amount;
    for (let i = at + this.#newest; i <= at + this.#oldest && rest > 0; i++) {
      const given = Math.min(rest, state[i]!);
      state[i]! -= given;
      state[at + this.#sum]! -= given;
      rest -= given;
    }
  }
}
