import { nanoUsd } from "./budget-options.ts";

/** Money that is set aside for one call. Ends once: what comes after the first `settle` or `release` changes nothing. */
export class Reservation {
  readonly id: string;
  readonly scope: string;
  readonly maxUsd: number;
  readonly #settle: (actualNanoUsd: number) => Promise<void>;
  #ended: Promise<void> | undefined;

  /** @param max Integer nano-dollars. */
  constructor(id: string, scope: string, max: number, settle: (actualNanoUsd: number) => Promise<void>) {
    this.id = id;
    this.scope = scope;
    this.maxUsd = max / 1e9;
    this.#settle = settle;
  }

  /** @param actualUsd What it did cost, US dollars. More than was reserved counts too. @throws RangeError on anything but an amount. */
  async settle(actualUsd: number): Promise<void> {
    await this.settleNano(nanoUsd("settle: actualUsd", actualUsd));
  }

  /** The call was not made, or cost nothing. */
  async release(): Promise<void> {
    await this.settleNano(0);
  }

  /** The same in integer nano-dollars. */
  settleNano(actual: number): Promise<void> {
    this.#ended ??= this.#settle(actual);
    return this.#ended;
  }
}
