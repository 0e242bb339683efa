import { checkWhole } from "../../internal/check-number.ts";

/** What outlives a restart, as plain JSON. Half open is kept as open with its time over: the probes are gone. */
export type BreakerSnapshot = {
  readonly state: "closed" | "open" | "forced_open" | "disabled";
  /** Milliseconds since the epoch, by the wall clock, since no other clock goes on. 0 unless open. */
  readonly openUntilMs: number;
  /** Opens in a row, for the back-off. */
  readonly opens: number;
};

const STATES: readonly unknown[] = ["closed", "open", "forced_open", "disabled"];

/** @throws RangeError that names the field and the value: a store can hold anything. */
export function checkSnapshot(snapshot: BreakerSnapshot): void {
  const { state, openUntilMs, opens }: Partial<BreakerSnapshot> = snapshot ?? {};
  if (!STATES.includes(state)) {
    throw new RangeError(
      `BreakerSnapshot: state must be one of ${STATES.join(", ")}, got ${JSON.stringify(state)}`,
    );
  }
  if (!Number.isFinite(openUntilMs)) {
    throw new RangeError(`BreakerSnapshot: openUntilMs must be a finite number, got ${String(openUntilMs)}`);
  }
  checkWhole("BreakerSnapshot: opens", opens, 0);
}
