import type { Clock } from "../../internal/clock.ts";
import { type BreakerMachineOptions, machineSettings } from "./breaker-machine-options.ts";
import { type BreakerSnapshot, checkSnapshot } from "./breaker-snapshot.ts";
import {
  type BreakerState,
  type BreakerStateName,
  openUntil,
  shownState,
  wouldAdmit,
} from "./breaker-state.ts";
import type { TransitionReason } from "./breaker-transition.ts";
import { isFailure, type Outcome } from "./outcome.ts";
import { Permit } from "./permit.ts";
import { StateKeeper } from "./state-keeper.ts";
import type { TripRule } from "./trip/trip-rule.ts";

type HalfOpen = Extract<BreakerState, { kind: "half_open" }>;

/**
 * When may a call pass? One synchronous block per change of state, no timers: what time has brought about is made
 * up for when the next call asks, and computed when somebody reads. A result counts only while the state that
 * admitted its call lasts; without that, the late result of an old call moves a new state.
 */
export class BreakerMachine {
  readonly #clock: Clock;
  readonly #trip: TripRule;
  readonly #readsStart: boolean;
  readonly #readsEnd: boolean;
  readonly #states: StateKeeper;
  #rejections = 0;
  #lateResults = 0;
  #ignored = 0;

  /** @throws RangeError that names the option, the range and the value. */
  constructor(options: BreakerMachineOptions) {
    const settings = machineSettings(options);
    this.#clock = settings.clock;
    this.#trip = settings.trip;
    this.#readsStart = this.#trip.needsDuration;
    this.#readsEnd = this.#trip.needsDuration || this.#trip.windowMs !== undefined;
    this.#states = new StateKeeper(settings);
  }

  /** The state by now. Reading it changes nothing: open with its time over reads as half open. */
  get state(): BreakerStateName {
    return shownState(this.#states.current, this.#clock.monotonic());
  }

  /** The state as it was left, which needs no clock: open with its time over is still open. */
  get kind(): BreakerStateName {
    return this.#states.current.kind;
  }

  /** The cause given with the last failure that counted; forgotten when the breaker closes. */
  get lastFailure(): unknown {
    return this.#states.lastFailure;
  }

  /** Calls that `acquire` refused. */
  get rejections(): number {
    return this.#rejections;
  }

  /** Results that came after the state that had admitted their call. */
  get lateResults(): number {
    return this.#lateResults;
  }

  /** Results that said nothing about the dependency. */
  get ignored(): number {
    return this.#ignored;
  }

  /** Whether `acquire` would give a permit. Takes none, counts nothing. */
  isAvailable(): boolean {
    return wouldAdmit(this.#states.current, this.#clock.monotonic());
  }

  /**
   * Milliseconds after which asking again makes sense: the rest of the open time, or of the oldest probe's lease.
   *
   * @returns 0 where a call would pass, `undefined` where only an operator can change it.
   */
  retryAfterMs(): number | undefined {
    const nowMs = this.#clock.monotonic();
    const state = this.#states.current;
    if (wouldAdmit(state, nowMs)) return 0;
    const untilMs = openUntil(state, nowMs);
    if (untilMs !== undefined) return untilMs - nowMs;
    return state.kind === "half_open" ? state.probes.firstEndMs - nowMs : undefined;
  }

  /**
   * Asks for one call. In closed and disabled it makes one object of three fields and reads no clock, unless the
   * rule measures durations; a refusal makes nothing and reads the clock at most once. One object a call, not one a
   * generation: only so can a second settlement be told from a second call.
   *
   * @returns `undefined` when refused.
   */
  acquire(): Permit | undefined {
    const { kind } = this.#states.current;
    if (kind === "closed") {
      return new Permit(this.#states.generation, this.#readsStart ? this.#clock.monotonic() : 0);
    }
    if (kind === "disabled") return new Permit(this.#states.generation, 0);
    const permit = kind === "forced_open" ? undefined : this.#acquireTimed();
    if (permit === undefined) this.#rejections += 1;
    return permit;
  }

  /**
   * Says how the call ended. Counts once, and only while the state that gave the permit lasts.
   *
   * @param cause What failed; kept as `lastFailure`.
   */
  settle(permit: Permit, outcome: Outcome, cause?: unknown): void {
    if (permit.settled) return;
    permit.settled = true;
    const state = this.#states.current;
    if (permit.generation !== this.#states.generation) this.#lateResults += 1;
    else if (state.kind === "closed") this.#count(permit.startMs, state.sinceMs, outcome, cause);
    else if (state.kind === "half_open") this.#settleProbe(state, permit, outcome, cause);
  }

  /** For callers that ask with `isAvailable` and hold no permit: nobody can tell whether such a result is late. */
  recordSuccess(): void {
    this.#record("success", undefined);
  }

  /** The same for a failure. */
  recordFailure(cause?: unknown): void {
    this.#record("failure", cause);
  }

  /** Refuses every call until `reset`, or `disable`. */
  forceOpen(): void {
    this.#states.pin("forced_open", "forced_open");
  }

  /** Lets every call pass and counts nothing, until `reset` or `forceOpen`. */
  disable(): void {
    this.#states.pin("disabled", "disabled");
  }

  /** Back to closed, with nothing counted. Calls that are under way no longer count. */
  reset(): void {
    this.#states.openTime.restore(0);
    this.#close("reset");
  }

  /** While `on`, the rule needs less to trip, where it has such a thing. Changes no state. */
  hurry(on: boolean): void {
    this.#trip.hurry?.(on);
  }

  snapshot(): BreakerSnapshot {
    const nowMs = this.#clock.monotonic();
    const { kind } = this.#states.current;
    const state = kind === "half_open" ? "open" : kind;
    const leftMs = Math.max(0, (openUntil(this.#states.current, nowMs) ?? nowMs) - nowMs);
    const { opens } = this.#states.openTime;
    return { state, openUntilMs: state === "open" ? this.#clock.now() + leftMs : 0, opens };
  }

  /**
   * Goes on where a snapshot was taken; time that has passed since counts. Never longer open than this machine
   * would be by itself.
   *
   * @throws RangeError that names the field and the value when it is no snapshot. Nothing has changed then.
   */
  restore(snapshot: BreakerSnapshot): void {
    checkSnapshot(snapshot);
    const { openTime } = this.#states;
    openTime.restore(snapshot.opens);
    if (snapshot.state === "closed") {
      this.#close("restored");
    } else if (snapshot.state === "open") {
      const leftMs = Math.min(Math.max(0, snapshot.openUntilMs - this.#clock.now()), openTime.longestMs);
      this.#states.open(this.#clock.monotonic(), leftMs, "restored");
    } else {
      this.#states.pin(snapshot.state, "restored");
    }
  }

  #count(startMs: number, closedSinceMs: number, outcome: Outcome, cause: unknown): void {
    if (outcome === "ignored") {
      this.#ignored += 1;
      return;
    }
    this.#remember(outcome, cause);
    const nowMs = this.#readsEnd ? this.#clock.monotonic() : 0;
    const durationMs = this.#readsStart ? nowMs - startMs : Number.NaN;
    if (this.#trip.record(outcome, durationMs, nowMs)) this.#states.trip(closedSinceMs);
  }

  /** @param startMs NaN where the caller does not know when the call started. */
  #acquireTimed(nowMs = this.#clock.monotonic(), startMs = nowMs): Permit | undefined {
    this.#states.catchUp(nowMs);
    // Read only now: a listener may just have reset the breaker.
    const state = this.#states.current;
    if (state.kind === "open" || state.kind === "forced_open") return undefined;
    if (state.kind === "half_open" && !state.probes.hasRoom()) return undefined;
    const permit = new Permit(this.#states.generation, startMs);
    if (state.kind === "half_open") state.probes.lend(permit, nowMs);
    return permit;
  }

  #settleProbe(state: HalfOpen, permit: Permit, outcome: Outcome, cause: unknown): void {
    const nowMs = this.#clock.monotonic();
    const overdue = state.probes.overdue(nowMs);
    if (overdue !== undefined) {
      this.#lateResults += 1;
      // Where a call timeout ends with the lease, its error is late, but the best answer to "why is it open?".
      if (overdue.permit === permit) this.#remember(outcome, cause);
      this.#states.openAgain(overdue.endedMs, state.reopenMs, "probe_lease_over");
      return;
    }
    state.probes.giveBack(permit);
    if (outcome === "ignored") {
      this.#ignored += 1;
    } else if (this.#trip.isBad(outcome, nowMs - permit.startMs)) {
      this.#remember(outcome, cause);
      this.#states.openAgain(nowMs, state.reopenMs, "probe_failed");
    } else if (state.probes.succeeded()) {
      this.#close("probes_succeeded");
    }
  }

  #remember(outcome: Outcome, cause: unknown): void {
    if (isFailure(outcome)) this.#states.lastFailure = cause;
  }

  #record(outcome: "success" | "failure", cause: unknown): void {
    const state = this.#states.current;
    if (state.kind === "closed") {
      this.#count(Number.NaN, state.sinceMs, outcome, cause);
    } else {
      const permit = this.#acquireTimed(undefined, Number.NaN);
      if (permit === undefined) this.#lateResults += 1;
      else this.settle(permit, outcome, cause);
    }
  }

  #close(reason: TransitionReason): void {
    this.#trip.reset();
    this.#states.close(reason);
  }
}
