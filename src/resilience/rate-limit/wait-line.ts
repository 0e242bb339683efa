import type { RateLimitReason } from "../../errors/rate-limited-error.ts";
import { deadlineOf } from "../../internal/deadline.ts";
import type { After } from "../../internal/timers.ts";
import type { Ask } from "./ask.ts";
import type { RateDecision } from "./rate-answer.ts";

/** What a line asks of its limiter. Nothing here throws. */
export interface LineHost {
  readonly maxWaiting: number;
  readonly after: After;
  /** Monotonic milliseconds. */
  nowMs(): number;
  /** @param lateMs How long ago it should have been asked. */
  take(ask: Ask, lateMs: number): RateDecision | Promise<RateDecision>;
  giveBack(ask: Ask): void;
  /** Milliseconds in which so much of that limit is free again. */
  flowMs(limit: RateDecision["limit"], calls: number, tokens: number): number;
  refusal(ask: Ask, reason: RateLimitReason, decision: RateDecision): Error;
  /** So many wait more, or less. */
  waiting(change: number): void;
  /** Nobody waits any more. */
  emptied(): void;
}

interface Waiter {
  readonly ask: Ask;
  readonly deadlineMs: number | undefined;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
  stopListening?: () => void;
}

/** A timer waits this long at most, milliseconds. */
const LONGEST_TIMER_MS = 2_147_483_647;
/** What a wait is rounded up by. */
const ROUNDED_MS = 1;

/** Those who wait for one key, first come first served. Only the first asks; who gives up leaves at once. */
export class WaitLine {
  readonly #host: LineHost;
  readonly #waiters = new Set<Waiter>();
  #calls = 0;
  #tokens = 0;
  #serving = false;
  #cancel: (() => void) | undefined;
  #dueMs = 0;
  /** What the first was told last. */
  #refused: RateDecision | undefined;

  constructor(host: LineHost) {
    this.#host = host;
  }

  /** Resolves when it is the caller's turn. @throws RateLimitedError, the signal's reason. */
  join(ask: Ask, signal: AbortSignal | undefined): Promise<void> {
    const refused = this.#refused;
    if (this.#waiters.size >= this.#host.maxWaiting)
      return this.#refuse(ask, "queue_full", this.dueInMs(ask));
    const deadlineMs = deadlineOf(signal);
    if (refused !== undefined && deadlineMs !== undefined && this.#isTooLate(deadlineMs, this.dueInMs(ask)))
      return this.#refuse(ask, "deadline", this.dueInMs(ask));
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { ask, deadlineMs, resolve, reject };
      this.#listen(waiter, signal);
      this.#waiters.add(waiter);
      this.#count(ask, 1);
      if (this.#refused === undefined) void this.#serve(0);
    });
  }

  /** Milliseconds until one more would have its turn, at the earliest. */
  dueInMs(ask: Ask): number {
    const [first] = this.#waiters;
    if (this.#refused === undefined || first === undefined) return 0;
    const calls = this.#calls - first.ask.calls + ask.calls;
    const tokens = this.#tokens - first.ask.tokens + ask.tokens;
    const behindMs = this.#host.flowMs(this.#refused.limit, calls, tokens);
    return Math.ceil(Math.max(0, this.#dueMs - this.#host.nowMs()) + behindMs);
  }

  async #serve(lateMs: number): Promise<void> {
    if (this.#serving) return;
    this.#serving = true;
    this.#disarm();
    for (let [first] = this.#waiters; first !== undefined; [first] = this.#waiters) {
      const askedMs = this.#host.nowMs();
      const answer = this.#host.take(first.ask, lateMs);
      // Where nothing has to be waited for, nobody must come in between.
      const decision = answer instanceof Promise ? await answer : answer;
      if (!this.#settled(first, decision)) {
        this.#arm(decision, askedMs);
        break;
      }
    }
    this.#serving = false;
    if (this.#waiters.size === 0) this.#host.emptied();
  }

  /** Whether that was all for this one. */
  #settled(waiter: Waiter, decision: RateDecision): boolean {
    const isThere = this.#waiters.has(waiter);
    if (!isThere) {
      if (decision.allowed) this.#host.giveBack(waiter.ask);
      return true;
    }
    if (decision.allowed) {
      this.#leave(waiter);
      waiter.resolve();
      return true;
    }
    const { deadlineMs } = waiter;
    const reason =
      decision.reason === "store"
        ? "store"
        : deadlineMs !== undefined && this.#isTooLate(deadlineMs, decision.retryAfterMs)
          ? "deadline"
          : undefined;
    if (reason === undefined) return false;
    this.#leave(waiter);
    waiter.reject(this.#host.refusal(waiter.ask, reason, decision));
    return true;
  }

  #isTooLate(deadlineMs: number, waitMs: number): boolean {
    return this.#host.nowMs() + waitMs > deadlineMs;
  }

  #refuse(ask: Ask, reason: RateLimitReason, retryAfterMs: number): Promise<never> {
    const limit = this.#refused?.limit;
    const decision = { allowed: false, remaining: 0, retryAfterMs, reason: "rate", limit } as const;
    return Promise.reject(this.#host.refusal(ask, reason, decision));
  }

  #listen(waiter: Waiter, signal: AbortSignal | undefined): void {
    if (signal === undefined) return;
    const onAbort = (): void => {
      const [first] = this.#waiters;
      this.#leave(waiter);
      waiter.reject(signal.reason);
      // The next may want less, or may be the one that was waited with for nothing.
      if (waiter === first) void this.#serve(0);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    waiter.stopListening = () => signal.removeEventListener("abort", onAbort);
  }

  #leave(waiter: Waiter): void {
    if (!this.#waiters.delete(waiter)) return;
    waiter.stopListening?.();
    this.#count(waiter.ask, -1);
  }

  #count({ calls, tokens }: Ask, sign: 1 | -1): void {
    this.#calls += sign * calls;
    this.#tokens += sign * tokens;
    this.#host.waiting(sign);
  }

  /** Holds the process: somebody awaits it. */
  #arm(decision: RateDecision, askedMs: number): void {
    this.#refused = decision;
    const waitMs = Math.min(decision.retryAfterMs, LONGEST_TIMER_MS);
    this.#dueMs = this.#host.nowMs() + waitMs;
    // The answer of a store took its time, and so did the timer; neither is to make the rate lower.
    const freeMs = askedMs + waitMs - ROUNDED_MS;
    const turn = (): void => {
      void this.#serve(Math.max(0, this.#host.nowMs() - freeMs));
    };
    this.#cancel = this.#host.after(waitMs, turn, true);
  }

  #disarm(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#refused = undefined;
  }
}
