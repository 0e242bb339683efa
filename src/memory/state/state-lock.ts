import { LockLostError } from "../../errors/lock-lost-error.ts";
import type { Holding } from "./holding.ts";

/** A lock of a key, until it is released, or its lease ends and somebody else takes it. */
export class StateLock {
  readonly key: string;
  /** Larger than that of every holder before. */
  readonly fence: number;
  readonly #holding: Holding;
  #released: Promise<boolean> | undefined;

  /** @param holding To be counted for this lock already. */
  constructor(holding: Holding) {
    this.key = holding.key;
    this.fence = holding.fence;
    this.#holding = holding;
  }

  /**
   * Gives it back; when the same agent has it several times, with the last one. May be called twice.
   *
   * @returns Whether it was still held until now. @throws StoreUnusableError.
   */
  release(): Promise<boolean> {
    this.#released ??= this.#holding.leave();
    return this.#released;
  }

  /**
   * Begins the lease anew.
   *
   * @param leaseMs Milliseconds. @default as long as before
   * @throws LockLostError where it is too late, and after `release`; RangeError; StoreUnusableError.
   */
  async extend(leaseMs?: number): Promise<void> {
    this.check();
    await this.#holding.extend(leaseMs);
  }

  /** Whether it is one of these locks. */
  isOf(locks: object): boolean {
    return this.#holding.locks === locks;
  }

  /** @throws LockLostError where it is known to be lost. */
  check(): void {
    if (this.#released !== undefined || this.#holding.isLost) throw this.lost();
  }

  lost(): LockLostError {
    return new LockLostError({ state: this.#holding.state, key: this.key, fence: this.fence });
  }
}
