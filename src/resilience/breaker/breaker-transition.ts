import { reportFailure } from "../../internal/warn-once.ts";
import type { BreakerStateName } from "./breaker-state.ts";

/** Why the state changed. */
export type TransitionReason =
  | "tripped"
  | "recovery_time_over"
  | "probe_failed"
  | "probe_lease_over"
  | "probes_succeeded"
  | "forced_open"
  | "disabled"
  | "reset"
  | "restored";

export interface BreakerTransition {
  readonly from: BreakerStateName;
  readonly to: BreakerStateName;
  readonly reason: TransitionReason;
  /** When it counts from, monotonic milliseconds. Earlier than the call that found it, where a lease was over. */
  readonly atMs: number;
  /** Milliseconds until a probe may pass. On the way to `open` only. */
  readonly openMs: number | undefined;
  /** The last failure that was counted, where one was. */
  readonly cause: unknown;
}

/** A promise that it returns is not awaited; its rejection is caught. */
export type TransitionListener = (transition: BreakerTransition) => unknown;

const WHAT = "a listener for the transitions of a breaker";

/** The listener is a guest: what it throws, at once or later, is reported once and changes nothing. */
export function tell(listener: TransitionListener | undefined, transition: BreakerTransition): void {
  if (listener === undefined) return;
  try {
    const returned = listener(transition);
    if (returned instanceof Promise) returned.catch((error: unknown) => reportFailure(WHAT, error));
  } catch (error) {
    reportFailure(WHAT, error);
  }
}
