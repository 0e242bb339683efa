import { setImmediate as turn } from "node:timers/promises";
import { BreakerMachine } from "../../../src/resilience/breaker/breaker-machine.ts";
import { consecutiveFailures } from "../../../src/resilience/breaker/trip/consecutive-failures.ts";
import type { TripRule } from "../../../src/resilience/breaker/trip/trip-rule.ts";
import { type BreakerShare, shareBreaker } from "../../../src/resilience/shared/share-breaker.ts";
import type { BreakerDriver } from "../../../src/stores/breakers/breaker-driver.ts";
import type { BreakerStore, OperatorState } from "../../../src/stores/breakers/breaker-store.ts";
import { SharedBreakers } from "../../../src/stores/breakers/shared-breakers.ts";
import { MemoryBreakers } from "../../../src/stores/memory/memory-breakers.ts";
import { ManualTimers } from "../../stores/ledger/manual-timers.ts";

/** Failures in a row after which a breaker opens by itself. */
export const THRESHOLD = 4;
export const OPEN_MS = 60_000;

export type StoreOf = (down: () => boolean) => BreakerStore;

/** Several processes with a breaker each, one database, and a clock for all of them. */
export class Processes {
  readonly time = new ManualTimers();
  readonly memory = new MemoryBreakers(this.time.clock);
  readonly #storeOf: StoreOf | undefined;
  readonly #running: Process[] = [];

  constructor(storeOf?: StoreOf) {
    this.#storeOf = storeOf;
    this.time.advance(1_000_000);
  }

  start(name = "researcher", change: (driver: BreakerDriver) => BreakerDriver = (driver) => driver): Process {
    const own = { down: false };
    const { clock, after } = this.time;
    const driver = change(this.memory.driver(() => own.down));
    const breakers =
      this.#storeOf?.(() => own.down) ?? new SharedBreakers(driver, { clock, after, random: () => 0.5 });
    const process = new Process(name, breakers, this.time, own);
    // A breaker that is garbage takes part no longer.
    this.#running.push(process);
    return process;
  }

  /** Lets time pass for everybody, and what is under way go on. */
  async pass(ms: number): Promise<void> {
    const step = ms > 2_000 ? 50 : 10;
    for (let left = ms; left > 0; left -= step) {
      this.time.advance(Math.min(step, left));
      await turn();
    }
  }
}

export class Process {
  readonly machine: BreakerMachine;
  readonly share: BreakerShare;
  readonly breakers: BreakerStore;
  readonly #own: { down: boolean };

  constructor(
    name: string,
    breakers: BreakerStore,
    time: ManualTimers,
    own: { down: boolean },
    trip?: TripRule,
  ) {
    this.breakers = breakers;
    this.#own = own;
    this.machine = new BreakerMachine({
      trip: trip ?? consecutiveFailures(THRESHOLD),
      recoveryTimeoutMs: OPEN_MS,
      jitter: 0,
      clock: time.clock,
      onTransition: (transition) => this.share.transitioned(transition),
    });
    this.share = shareBreaker({ name, machine: this.machine, store: { breakers } });
  }

  get state(): string {
    return this.machine.state;
  }

  /** Whether it is cut off from the database. */
  set down(down: boolean) {
    this.#own.down = down;
  }

  operator(state: OperatorState): void {
    this.share.operated(state);
    this.share.operatedHere(state);
  }

  fail(times: number): void {
    for (let n = 0; n < times; n += 1) this.#call("failure");
  }

  succeed(): void {
    this.#call("success");
  }

  #call(outcome: "success" | "failure"): void {
    const permit = this.machine.acquire();
    if (permit !== undefined) this.machine.settle(permit, outcome, outcome);
  }
}

export function states(processes: readonly Process[]): readonly string[] {
  return processes.map(({ state }) => state);
}
