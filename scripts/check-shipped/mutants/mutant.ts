import type { Shipped } from "../shipped.ts";

/** A fault that somebody could make, and the check that must find it. */
export interface Mutant {
  /** What is wrong, in a few words. */
  readonly fault: string;
  /** Name of the check. */
  readonly check: string;
  /** @returns The tree with the fault. Nothing may be changed in what is given. */
  plant(shipped: Shipped): Shipped;
}
