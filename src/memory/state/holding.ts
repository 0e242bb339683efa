import { LockLostError } from "../../errors/lock-lost-error.ts";
import { checkWhole } from "../../internal/check-number.ts";
import { MAX_LEASE_MS } from "../../stores/state/state-store.ts";
import type { StateSettings } from "./state-options.ts";

/** What a holding tells those who wait for it. */
export interface HoldingOwner {
  ended(holding: Holding): void;
}

/** A key that somebody of this process has locked, once or several times. */
export class Holding {
  readonly key: string;
  readonly fence: number;
  /** As the store knows him: nobody else has the same. */
  readonly owner: string;
  readonly agent: string;
  /** `undefined`: nobody is the same. */
  readonly identity: unknown;
  readonly locks: HoldingOwner;
  readonly #settings: StateSettings;
  #leaseMs: number;
  #count = 0;
  #isLost = false;

  constructor(
    settings: StateSettings,
    locks: HoldingOwner,
    facts: Pick<Holding, "key" | "fence" | "owner" | "agent" | "identity"> & { readonly leaseMs: number },
  ) {
    this.#settings = settings;
    this.locks = locks;
    this.key = facts.key;
    this.fence = facts.fence;
    this.owner = facts.owner;
    this.agent = facts.agent;
    this.identity = facts.identity;
    this.#leaseMs = facts.leaseMs;
  }

  get state(): string {
    return this.#settings.name;
  }

  get leaseMs(): number {
    return this.#leaseMs;
  }

  /** Somebody else has, or had, the key. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Counts one lock more. */
  enter(): void {
    this.#count += 1;
  }

  /** Counts one less; the last one gives the key back. @returns Whether it was still held until now. */
  async leave(): Promise<boolean> {
    this.#count -= 1;
    if (this.#count > 0) return !this.#isLost;
    if (this.#isLost) return false;
    this.#isLost = true;
    const { store, name } = this.#settings;
    try {
      return await store.unlock(name, this.key, this.fence);
    } finally {
      this.locks.ended(this);
    }
  }

  /** @throws LockLostError, RangeError, StoreUnusableError. */
  async extend(leaseMs = this.#leaseMs): Promise<void> {
    checkLease("extend", leaseMs);
    const { store, name } = this.#settings;
    if (!(await store.extend(name, this.key, this.fence, leaseMs))) {
      this.lose();
      throw new LockLostError({ state: name, key: this.key, fence: this.fence });
    }
    this.#leaseMs = leaseMs;
  }

  lose(): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.locks.ended(this);
  }
}

export function checkLease(method: string, leaseMs: unknown): number {
  return checkWhole(`sharedState: ${method}: leaseMs`, leaseMs, 1, MAX_LEASE_MS);
}
