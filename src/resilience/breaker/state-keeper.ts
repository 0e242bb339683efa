import type { Clock } from "../../internal/clock.ts";
import type { MachineSettings } from "./breaker-machine-options.ts";
import type { BreakerState } from "./breaker-state.ts";
import { type TransitionReason, tell } from "./breaker-transition.ts";
import { OpenTime } from "./open-time.ts";
import { Probes } from "./probes.ts";

/** Holds the one state, and what outlives it: the generation, the opens in a row, the last failure. */
export class StateKeeper {
  readonly #settings: MachineSettings;
  readonly #clock: Clock;
  readonly openTime: OpenTime;
  /** The cause given with the last failure that counted. */
  lastFailure: unknown;
  #current: BreakerState;
  #generation = 0;

  constructor(settings: MachineSettings) {
    this.#settings = settings;
    this.#clock = settings.clock;
    this.openTime = new OpenTime(settings.openTime);
    this.#current = { kind: "closed", sinceMs: this.#clock.monotonic() };
  }

  get current(): BreakerState {
    return this.#current;
  }

  get generation(): number {
    return this.#generation;
  }

  close(reason: TransitionReason): void {
    this.lastFailure = undefined;
    this.#moveTo({ kind: "closed", sinceMs: this.#clock.monotonic() }, reason);
  }

  /** A healthy time in closed is looked for only now, so that a call that succeeds pays nothing for it. */
  trip(closedSinceMs: number): void {
    const nowMs = this.#clock.monotonic();
    if (nowMs - closedSinceMs >= this.#settings.healthyWindowMs) this.openTime.restore(0);
    this.openAgain(nowMs, this.openTime.draw(), "tripped");
  }

  openAgain(atMs: number, openMs: number, reason: TransitionReason): void {
    this.openTime.opened();
    this.open(atMs, openMs, reason);
  }

  open(atMs: number, openMs: number, reason: TransitionReason): void {
    this.#moveTo({ kind: "open", untilMs: atMs + openMs }, reason, atMs, openMs);
  }

  /** An operator's state; nothing happens where it is that already. */
  pin(kind: "forced_open" | "disabled", reason: TransitionReason): void {
    if (this.#current.kind !== kind) this.#moveTo({ kind }, reason);
  }

  /** Makes up for what time has brought about: first the end of a lease, then that of the open time. */
  catchUp(nowMs: number): void {
    if (this.#current.kind === "half_open") {
      const overdue = this.#current.probes.overdue(nowMs);
      if (overdue !== undefined) this.openAgain(overdue.endedMs, this.#current.reopenMs, "probe_lease_over");
    }
    if (this.#current.kind === "open" && nowMs >= this.#current.untilMs) this.#halfOpen(nowMs);
  }

  #halfOpen(nowMs: number): void {
    const { halfOpenPermits, probeLeaseMs } = this.#settings;
    const probes = new Probes(halfOpenPermits, probeLeaseMs);
    this.#moveTo({ kind: "half_open", probes, reopenMs: this.openTime.draw() }, "recovery_time_over", nowMs);
  }

  /** The one place where the state changes, so that none goes unreported. */
  #moveTo(to: BreakerState, reason: TransitionReason, atMs = this.#clock.monotonic(), openMs?: number): void {
    const from = this.#current.kind;
    this.#current = to;
    this.#generation += 1;
    if (from === to.kind) return;
    tell(this.#settings.onTransition, { from, to: to.kind, reason, atMs, openMs, cause: this.lastFailure });
  }
}
