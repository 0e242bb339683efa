import type { Meter, Numbers } from "./meter.ts";
import type { BucketRule } from "./rate-rule.ts";

/** Below one call, so that it never lets one more through at once. */
const MOST_CREDIT = 0.999;

/** A token bucket, kept as what was used and when that was so. After however long a time, no more is free than its capacity. */
export class Bucket implements Meter {
  readonly isOfTokens: boolean;
  readonly capacity: number;
  readonly #perMs: number;
  readonly #used: number;
  readonly #atMs: number;

  /** @param offset Where its part of a state begins. */
  constructor({ of, capacity, perMs }: BucketRule, offset: number) {
    this.isOfTokens = of === "tokens";
    this.capacity = capacity;
    this.#perMs = perMs;
    this.#used = offset;
    this.#atMs = offset + 1;
  }

  fresh(nowMs: number): readonly number[] {
    return [0, nowMs];
  }

  update(state: Numbers, at: number, nowMs: number, lateMs: number): void {
    const passedMs = nowMs - state[at + this.#atMs]!;
    if (passedMs === 0) return;
    state[at + this.#atMs] = nowMs;
    if (passedMs < 0) return;
    const used = state[at + this.#used]! - passedMs * this.#perMs;
    state[at + this.#used] = used > 0 ? used : lateMs === 0 ? 0 : this.#credit(used, lateMs);
  }

  used(state: Numbers, at: number): number {
    return state[at + this.#used]!;
  }

  add(state: Numbers, at: number, amount: number): void {
    state[at + this.#used] = Math.max(0, state[at + this.#used]! + amount);
  }

  freeInMs(_state: Numbers, _at: number, amount: number): number {
    return amount / this.#perMs;
  }

  lower(state: Numbers, at: number, remaining: number): void {
    state[at + this.#used] = Math.max(state[at + this.#used]!, this.capacity - remaining);
  }

  idleInMs(state: Numbers, at: number): number {
    return state[at + this.#used]! / this.#perMs;
  }

  #credit(used: number, lateMs: number): number {
    return Math.max(used, -Math.min(MOST_CREDIT, lateMs * this.#perMs));
  }
}
