import type {
  BreakerListener,
  BreakerStore,
  OperatorState,
} from "../../src/stores/breakers/breaker-store.ts";

interface Member {
  readonly name: string;
  readonly listener: BreakerListener;
  readonly down: () => boolean;
}

/** How one shares breakers at first: says to all others what happens here, opens included, and nothing is kept. */
export class FireAndForget {
  readonly #members = new Set<Member>();

  store(down: () => boolean): BreakerStore {
    return {
      storeFailures: 0,
      join: (name, listener) => {
        const me = { name, listener, down };
        this.#members.add(me);
        const tell = (state: OperatorState) => {
          if (down()) return;
          for (const other of this.#members)
            if (other !== me && other.name === name && !other.down()) other.listener.operated(state);
        };
        return {
          storeFailures: 0,
          operated: tell,
          opened: () => tell("forced_open"),
          closed: () => tell("reset"),
          leave: () => void this.#members.delete(me),
        };
      },
    };
  }
}
