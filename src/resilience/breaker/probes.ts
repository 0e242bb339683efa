import type { Permit } from "./permit.ts";

/** A probe that has not come back in time. */
export interface OverdueProbe {
  readonly permit: Permit;
  /** When its lease ended, monotonic milliseconds. */
  readonly endedMs: number;
}

/** The calls that may pass in one half-open state, each on a lease, so that a hung one cannot keep its place. */
export class Probes {
  readonly #permits: number;
  readonly #leaseMs: number;
  /** In the order of lending. All leases are equally long, so the first one ends first. */
  readonly #ends = new Map<Permit, number>();
  #firstEndMs = Number.POSITIVE_INFINITY;
  #successes = 0;

  constructor(permits: number, leaseMs: number) {
    this.#permits = permits;
    this.#leaseMs = leaseMs;
  }

  /** Whether one more may go: a success keeps its place, only an ignored probe gives it back. */
  hasRoom(): boolean {
    return this.#successes + this.#ends.size < this.#permits;
  }

  lend(permit: Permit, nowMs: number): void {
    this.#ends.set(permit, nowMs + this.#leaseMs);
    this.#findFirst();
  }

  /** Takes a probe back; its place is free again. */
  giveBack(permit: Permit): void {
    this.#ends.delete(permit);
    this.#findFirst();
  }

  /** @returns Whether that was the last one that was needed. */
  succeeded(): boolean {
    this.#successes += 1;
    return this.#successes >= this.#permits;
  }

  /** When the next lease ends, monotonic milliseconds; Infinity where none is out. */
  get firstEndMs(): number {
    return this.#firstEndMs;
  }

  overdue(nowMs: number): OverdueProbe | undefined {
    if (nowMs < this.#firstEndMs) return undefined;
    for (const [permit, endedMs] of this.#ends) return { permit, endedMs };
    return undefined;
  }

  #findFirst(): void {
    this.#firstEndMs = Number.POSITIVE_INFINITY;
    for (const endMs of this.#ends.values()) {
      this.#firstEndMs = endMs;
      break;
    }
  }
}
