import { DeadLetterHeldError } from "../../errors/dead-letter-held-error.ts";
import { reportFailure } from "../../internal/warn-once.ts";
import type { DeadLetterSettings } from "./letter-options.ts";

/** Keeps a claim for as long as its replay goes on: renewed at a third of the lease, so that two may fail. */
export class ReplayLease {
  readonly #settings: DeadLetterSettings;
  readonly #id: string;
  readonly #claim: string;
  readonly #lost = new AbortController();
  #cancel: (() => void) | undefined;
  #isEnded = false;

  constructor(settings: DeadLetterSettings, id: string, claim: string) {
    this.#settings = settings;
    this.#id = id;
    this.#claim = claim;
    this.#plan();
  }

  /** Aborted with a `DeadLetterHeldError` when another one has taken the letter. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  end(): void {
    this.#isEnded = true;
    this.#cancel?.();
  }

  #plan(): void {
    const { after, leaseMs } = this.#settings;
    if (!this.#isEnded) this.#cancel = after(Math.floor(leaseMs / 3), () => void this.#renew(), false);
  }

  async #renew(): Promise<void> {
    const { store, name, leaseMs } = this.#settings;
    try {
      const isOurs = await store.renew(name, this.#id, this.#claim, leaseMs);
      if (this.#isEnded) return;
      if (isOurs) this.#plan();
      else this.#lost.abort(new DeadLetterHeldError(name, this.#id, leaseMs));
    } catch (error) {
      // Nobody else can take it either, from a store that does not answer.
      reportFailure("renewing the claim of a replay", error);
      this.#plan();
    }
  }
}
