import { type After, systemAfter } from "../../../internal/timers.ts";
import { backoffMs } from "../backoff.ts";
import type { Outcome, Sender } from "../delivery.ts";
import type { Frame } from "../frame-queue.ts";

export interface GatewayOptions {
  readonly sender: Sender;
  /** How long it may take nothing before it is given up. */
  readonly failoverAfterMs: number;
  /** It has been failing for so long: the next failure counts, and should be seen now. */
  readonly onDue: () => void;
  /** Others have to take over, or need no longer. */
  readonly onChange: () => void;
  readonly onGivenUp: (why: string) => void;
  readonly onBack: () => void;
  /** From 0 to 1. @default Math.random */
  readonly random?: (() => number) | undefined;
  /** @default systemAfter */
  readonly after?: After | undefined;
}

type State =
  | { readonly kind: "up" }
  | { readonly kind: "failing"; readonly endWait: () => void }
  /** Failing for longer than the bound. */
  | { readonly kind: "due" }
  /** `failures` of probes, 1 or more. */
  | { readonly kind: "given_up"; readonly failures: number; readonly endWait: () => void }
  /** A probe was answered; what it does with spans is to be seen. */
  | { readonly kind: "trial"; readonly failures: number };

/** A request without spans, which every receiver answers, and keeps nothing of. */
const PROBE: Frame = { body: new Uint8Array(0), gzip: false, spans: 0, createdMs: 0 };

/** One of several endpoints: sends to it, and knows whether it takes anything. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #after: After;
  readonly #abort = new AbortController();
  #state: State = { kind: "up" };

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#after = options.after ?? systemAfter;
  }

  /** Whether spans should be sent to it: it is not given up. */
  get isLive(): boolean {
    return this.#state.kind !== "given_up";
  }

  /** Whether the last that was heard of it was a failure. */
  get isFailing(): boolean {
    return this.#state.kind !== "up";
  }

  /** As its sender. Never rejects. */
  async send(frame: Frame, signal: AbortSignal): Promise<Outcome> {
    const outcome = await this.#options.sender.send(frame, signal);
    if (signal.aborted) return outcome;
    if (outcome.kind === "retry") this.#failed(outcome.why);
    else this.#answered();
    return outcome;
  }

  /** At the end there is no time to wait for the bound. Says nothing. */
  giveUpNow(): void {
    if (this.isLive) this.#giveUp(1);
  }

  /** Ends the probes. */
  close(): void {
    this.#abort.abort();
    this.#endWait();
    this.#options.sender.close();
  }

  #failed(why: string): void {
    const { kind } = this.#state;
    if (kind === "up") {
      const endWait = this.#after(this.#options.failoverAfterMs, () => this.#becomeDue(), false);
      this.#state = { kind: "failing", endWait };
    } else if (kind === "due") {
      this.#options.onGivenUp(why);
      this.#giveUp(1);
    } else if (kind === "trial") this.#giveUp(this.#state.failures + 1);
  }

  #answered(): void {
    const { kind } = this.#state;
    if (kind === "up") return;
    this.#endWait();
    this.#state = { kind: "up" };
    if (kind !== "given_up" && kind !== "trial") return;
    this.#options.onBack();
    if (kind === "given_up") this.#options.onChange();
  }

  #becomeDue(): void {
    this.#state = { kind: "due" };
    this.#options.onDue();
  }

  #giveUp(failures: number): void {
    this.#endWait();
    this.#waitForProbe(failures);
    this.#options.onChange();
  }

  #waitForProbe(failures: number): void {
    if (this.#abort.signal.aborted) return;
    const { random = Math.random } = this.#options;
    const endWait = this.#after(backoffMs(failures, random()), () => void this.#probe(failures), false);
    this.#state = { kind: "given_up", failures, endWait };
  }

  async #probe(failures: number): Promise<void> {
    const outcome = await this.#options.sender.send(PROBE, this.#abort.signal);
    // Something else may have been heard of it meanwhile.
    if (this.#state.kind !== "given_up") return;
    if (outcome.kind === "retry") this.#waitForProbe(failures + 1);
    else {
      this.#state = { kind: "trial", failures };
      this.#options.onChange();
    }
  }

  #endWait(): void {
    if ("endWait" in this.#state) this.#state.endWait();
  }
}
