import { checkWhole } from "../../internal/check-number.ts";

/** A lease that ends later than this from now was given by a clock that was wrong: it is not believed. */
const MAX_LEASE_MS = 86_400_000;

/** @throws RangeError. */
export function checkLease(leaseMs: number): void {
  checkWhole("leaseMs", leaseMs, 1, MAX_LEASE_MS);
}

/** How long it still is. @returns 0: it is over, or was given up. */
export function leaseLeft(untilMs: number, nowMs: number): number {
  const left = untilMs - nowMs;
  return left > 0 && left <= MAX_LEASE_MS ? left : 0;
}
