import { CallTimeoutError } from "../errors/call-timeout-error.ts";
import { checkWhole } from "../internal/check-number.ts";
import { deadlineOf, setDeadline } from "../internal/deadline.ts";
import { sharedWaits, type Waits } from "../internal/shared-waits.ts";
import type { Link, Wait } from "../internal/wait.ts";
import type { WaitList } from "../internal/wait-list.ts";
import { NEVER, type Operation } from "./policy.ts";

const LONGEST_TIMER_MS = 2_147_483_647;

/** Begins calls that have so much time. What `timeout` is made of, and breakers with a `callTimeoutMs`. */
export class TimeLimit {
  readonly #ms: number;
  readonly #waits: Pick<Waits, "of">;

  /**
   * @param option What the time is called, for the error.
   * @throws RangeError on anything but a whole number of milliseconds from 1 to what a timer takes.
   */
  constructor(option: string, ms: number, waits: Pick<Waits, "of"> = sharedWaits) {
    this.#ms = checkWhole(option, ms, 1, LONGEST_TIMER_MS);
    this.#waits = waits;
  }

  /** Calls `fn` at once, unless its caller has given up or run out of time. Never throws. */
  begin<T>(fn: Operation<T>, signal: AbortSignal | undefined): LimitedCall<T> {
    const call = new LimitedCall<T>(this.#waits.of(this.#ms), signal);
    call.begin(fn);
    return call;
  }
}

/** A call whose time is running. */
export class LimitedCall<T> implements Wait {
  previous: Link = this;
  next: Link = this;
  endMs = 0;
  /**
   * Settles as the call does, or rejects when its time is over or its caller gives up; what the call still throws is swallowed. Whoever
   * begins a call handles this promise at once, and says `ended` first thing then.
   */
  readonly promise: Promise<T>;
  readonly #list: WaitList;
  readonly #callers: AbortSignal | undefined;
  #resolve!: (value: T) => void;
  #reject!: (reason: unknown) => void;
  #own: AbortController | undefined;
  #ranOut: CallTimeoutError | undefined;
  #onAbort: (() => void) | undefined;

  constructor(list: WaitList, callers: AbortSignal | undefined) {
    this.#list = list;
    this.#callers = callers;
    this.promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  begin(fn: Operation<T>): void {
    if (this.#callers !== undefined && !this.#heed(this.#callers)) return;
    this.#list.start(this);
    try {
      // A function without a parameter does not look at a signal, and making one costs half as much as all the rest.
      const signal = fn.length === 0 ? NEVER : this.#makeSignal();
      Promise.resolve(fn(signal)).then(this.#resolve, this.#reject);
    } catch (error) {
      this.#reject(error);
    }
  }

  /** Its timer. That is shared, and runs in no call's async context: all that others see happens in `ended`. */
  timeOver(): void {
    this.#ranOut = new CallTimeoutError(this.#list.ms);
    this.#reject(this.#ranOut);
  }

  /** Puts all away that was there for this call, and aborts the signal of one that ran out of time. */
  ended(): void {
    this.#list.stop(this);
    if (this.#onAbort !== undefined) this.#callers?.removeEventListener("abort", this.#onAbort);
    if (this.#ranOut !== undefined) this.#own?.abort(this.#ranOut);
  }

  /** @returns Whether the caller still has time. */
  #heed(callers: AbortSignal): boolean {
    const leftMs = (deadlineOf(callers) ?? Number.POSITIVE_INFINITY) - this.#list.nowMs;
    if (callers.aborted || leftMs <= 0) {
      this.#reject(callers.aborted ? callers.reason : new CallTimeoutError(0));
      return false;
    }
    this.#onAbort = () => {
      this.#own?.abort(callers.reason);
      this.#reject(callers.reason);
    };
    callers.addEventListener("abort", this.#onAbort, { once: true });
    return true;
  }

  #makeSignal(): AbortSignal {
    this.#own = new AbortController();
    const { signal } = this.#own;
    setDeadline(signal, Math.min(this.endMs, deadlineOf(this.#callers) ?? Number.POSITIVE_INFINITY));
    return signal;
  }
}

/** Calls `fn` at once, without a limit. What it throws becomes a rejection, which is to be handled at once. */
export function started<T>(fn: Operation<T>, signal: AbortSignal | undefined): Promise<T> {
  try {
    return Promise.resolve(fn(signal ?? NEVER));
  } catch (error) {
    return Promise.reject(error);
  }
}
