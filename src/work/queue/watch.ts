import type { Link, Wait } from "../../internal/wait.ts";
import type { WaitList } from "../../internal/wait-list.ts";

export interface WatchListener {
  expired(): void;
  aborted(): void;
}

/** Watches over the deadline of one who waits, and over its caller's signal. */
export class Watch implements Wait {
  previous: Link = this;
  next: Link = this;
  endMs = 0;
  readonly signal: AbortSignal | undefined;
  readonly #listener: WatchListener;
  #list: WaitList | undefined;
  readonly #onAbort = (): void => this.#listener.aborted();

  constructor(signal: AbortSignal | undefined, listener: WatchListener) {
    this.signal = signal;
    this.#listener = listener;
  }

  /** @param list For as long as there is time, where that has an end. */
  start(list: WaitList | undefined): void {
    this.#list = list;
    list?.start(this);
    this.signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** May be called twice. */
  stop(): void {
    this.#list?.stop(this);
    this.signal?.removeEventListener("abort", this.#onAbort);
  }

  isOver(nowMs: number): boolean {
    return this.#list !== undefined && this.endMs <= nowMs;
  }

  timeOver(): void {
    this.#listener.expired();
  }
}
