import type {
  BreakerListener,
  BreakerStore,
  OperatorState,
  SharedBreaker,
} from "../../stores/breakers/breaker-store.ts";
import type { BreakerTransition } from "../breaker/breaker-transition.ts";

/** What others may do to a breaker: a `BreakerMachine` fits. None of it is handed in again. */
export interface ShareableMachine {
  forceOpen(): void;
  disable(): void;
  reset(): void;
  hurry(on: boolean): void;
}

/**
 * Joins one breaker to those of its name in other processes.
 *
 * What an operator does reaches all of them. That a breaker has opened by itself is only advice: half of the others, at least one,
 * need half as many failures to open as usual, at least one, as long as it stays open. It opens none: one process whose network is
 * broken must not open everyone's breaker. While the store is down the breaker goes on by itself.
 */
export class BreakerShare implements BreakerListener {
  readonly #machine: ShareableMachine;
  readonly #seat: SharedBreaker;

  constructor(name: string, machine: ShareableMachine, store: BreakerStore) {
    this.#machine = machine;
    this.#seat = store.join(name, this);
  }

  /** Attempts to reach the store that failed since it joined. */
  get storeFailures(): number {
    return this.#seat.storeFailures;
  }

  /** Hand in what an operator did here, after it is done. */
  operatedHere(state: OperatorState): void {
    this.#seat.operated(state);
  }

  /** Call with every transition of the machine. */
  transitioned({ from, to, openMs }: BreakerTransition): void {
    if (to === "open") this.#seat.opened(openMs ?? 0);
    // Until the trial call has succeeded, it is as good as open: its advice ends with its time.
    else if (to !== "half_open" && (from === "open" || from === "half_open")) this.#seat.closed();
  }

  /** From elsewhere. */
  operated(state: OperatorState): void {
    if (state === "forced_open") this.#machine.forceOpen();
    else if (state === "disabled") this.#machine.disable();
    else this.#machine.reset();
  }

  /** From elsewhere. */
  hurried(on: boolean): void {
    this.#machine.hurry(on);
  }

  /** Ends its part. Also when the share is garbage. */
  leave(): void {
    this.#seat.leave();
  }
}

/** @see BreakerShare. Keep what it returns: the store holds it weakly. */
export function shareBreaker(options: {
  readonly name: string;
  readonly machine: ShareableMachine;
  readonly store: { readonly breakers: BreakerStore };
}): BreakerShare {
  return new BreakerShare(options.name, options.machine, options.store.breakers);
}
