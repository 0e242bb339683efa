import { checkBetween, checkWhole } from "../../internal/check-number.ts";
import { type Clock, systemClock } from "../../internal/clock.ts";
import type { TransitionListener } from "./breaker-transition.ts";
import type { OpenTimeOptions } from "./open-time.ts";
import type { TripRule } from "./trip/trip-rule.ts";

export interface BreakerMachineOptions {
  /** When it is too much. Holds the counts, so each machine needs its own. */
  readonly trip: TripRule;
  /** How long to refuse calls after the first opening, milliseconds. @default 30_000 */
  readonly recoveryTimeoutMs?: number;
  /** The longest that back-off makes it, before jitter, milliseconds. @default 300_000, or recoveryTimeoutMs where larger */
  readonly maxRecoveryTimeoutMs?: number;
  /** What each further opening in a row multiplies it by, 1 to 100. @default 2 */
  readonly backoffFactor?: number;
  /** Share of the time by which it varies either way, 0 to 1. @default 0.2 */
  readonly jitter?: number;
  /** Closed for so long, the earlier openings are forgotten, milliseconds. @default the rule's window, or 60_000 */
  readonly healthyWindowMs?: number;
  /** Calls that pass in half open, and that all have to succeed. @default 1 */
  readonly halfOpenPermits?: number;
  /** The call timeout, milliseconds, where there is one: a probe needs no longer lease. */
  readonly callTimeoutMs?: number;
  /** How long a probe may take before it counts as failed, milliseconds. @default 30_000, or callTimeoutMs where smaller */
  readonly probeLeaseMs?: number;
  readonly clock?: Clock;
  /** From 0 to 1, as `Math.random`, the default. */
  readonly random?: () => number;
  /** Called after each change of state, in the same tick. What it throws is reported and changes nothing. */
  readonly onTransition?: TransitionListener;
}

/** The options with their defaults. */
export interface MachineSettings {
  readonly trip: TripRule;
  readonly openTime: OpenTimeOptions;
  readonly healthyWindowMs: number;
  readonly halfOpenPermits: number;
  readonly probeLeaseMs: number;
  readonly clock: Clock;
  readonly onTransition: TransitionListener | undefined;
}

const MINUTE = 60_000;
const LEASE = 30_000;

/** @throws RangeError that names the option, the range and the value. */
export function machineSettings(options: BreakerMachineOptions): MachineSettings {
  const callTimeoutMs = whole("callTimeoutMs", options.callTimeoutMs, LEASE);
  return {
    trip: options.trip,
    openTime: openTimeOptions(options),
    healthyWindowMs: whole("healthyWindowMs", options.healthyWindowMs, options.trip.windowMs ?? MINUTE),
    halfOpenPermits: whole("halfOpenPermits", options.halfOpenPermits, 1),
    probeLeaseMs: whole("probeLeaseMs", options.probeLeaseMs, Math.min(LEASE, callTimeoutMs)),
    clock: options.clock ?? systemClock,
    onTransition: options.onTransition,
  };
}

function openTimeOptions(options: BreakerMachineOptions): OpenTimeOptions {
  const baseMs = whole("recoveryTimeoutMs", options.recoveryTimeoutMs, 30_000);
  const maxMs = options.maxRecoveryTimeoutMs ?? Math.max(baseMs, 5 * MINUTE);
  const { backoffFactor = 2, jitter = 0.2, random = Math.random } = options;
  checkWhole("breaker: maxRecoveryTimeoutMs", maxMs, baseMs);
  checkBetween("breaker: backoffFactor", backoffFactor, 1, 100);
  checkBetween("breaker: jitter", jitter, 0, 1);
  return { baseMs, maxMs, factor: backoffFactor, jitter, random };
}

function whole(name: string, value: number | undefined, byDefault: number): number {
  if (value === undefined) return byDefault;
  checkWhole(`breaker: ${name}`, value, 1);
  return value;
}
