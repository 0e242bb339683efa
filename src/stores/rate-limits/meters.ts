import { Bucket } from "./bucket.ts";
import { type Meter, type Numbers, PAUSED_UNTIL } from "./meter.ts";
import type { Amounts, RateVerdict } from "./rate-limit-store.ts";
import { ALMOST, LONGEST_PAUSE_MS, type RateRule } from "./rate-rule.ts";
import { Window } from "./window.ts";

/**
 * All limits of a limiter together, for a key whose state is at hand: `size` numbers of `state`, from `at` on. Nothing here waits, so a
 * decision is one step.
 */
export class Meters {
  readonly rules: readonly RateRule[];
  /** Numbers of one state. */
  readonly size: number;
  readonly #meters: readonly Meter[];
  /** Where no calls are limited, `remaining` is of tokens. */
  readonly #countsTokens: boolean;

  constructor(rules: readonly RateRule[]) {
    this.rules = rules;
    let offset = PAUSED_UNTIL + 1;
    this.#meters = rules.map((rule) => {
      const meter = rule.kind === "bucket" ? new Bucket(rule, offset) : new Window(rule, offset);
      offset += meter.fresh(0).length;
      return meter;
    });
    this.size = offset;
    this.#countsTokens = this.#meters.every(({ isOfTokens }) => isOfTokens);
  }

  /** The state of a key that nobody has used. */
  fresh(nowMs: number): number[] {
    return [0, ...this.#meters.flatMap((meter) => meter.fresh(nowMs))];
  }

  /** Takes from every limit, or from none. @param lateMs As for `Meter.update`. */
  take(state: Numbers, at: number, calls: number, tokens: number, nowMs: number, lateMs = 0): RateVerdict {
    const meters = this.#meters;
    let room = Number.POSITIVE_INFINITY;
    let waitMs = 0;
    let longest = -1;
    for (let i = 0; i < meters.length; i++) {
      const meter = meters[i]!;
      meter.update(state, at, nowMs, lateMs);
      const free = meter.capacity - meter.used(state, at);
      if (meter.isOfTokens === this.#countsTokens && free < room) room = free;
      const lacks = (meter.isOfTokens ? tokens : calls) - free;
      if (lacks <= ALMOST) continue;
      const ms = meter.freeInMs(state, at, lacks, nowMs);
      if (ms > waitMs) {
        waitMs = ms;
        longest = i;
      }
    }
    if (longest >= 0 || state[at + PAUSED_UNTIL]! > nowMs)
      return this.#refusal(state, at, room, waitMs, longest, nowMs);
    for (let i = 0; i < meters.length; i++) {
      const meter = meters[i]!;
      meter.add(state, at, meter.isOfTokens ? tokens : calls);
    }
    const remaining = whole(room - (this.#countsTokens ? tokens : calls));
    return { allowed: true, remaining, retryAfterMs: 0, reason: undefined, limit: undefined };
  }

  add(state: Numbers, at: number, { calls, tokens }: Amounts, nowMs: number): void {
    for (const meter of this.#meters) {
      meter.update(state, at, nowMs, 0);
      meter.add(state, at, meter.isOfTokens ? tokens : calls);
    }
  }

  pause(state: Numbers, at: number, ms: number, nowMs: number): void {
    const untilMs = nowMs + Math.min(ms, LONGEST_PAUSE_MS);
    // One that is further off than any can be was begun by a clock that has gone back since.
    const before = state[at + PAUSED_UNTIL]! > nowMs + LONGEST_PAUSE_MS ? 0 : state[at + PAUSED_UNTIL]!;
    state[at + PAUSED_UNTIL] = Math.max(before, untilMs);
  }

  lower(state: Numbers, at: number, remaining: Partial<Amounts>, nowMs: number): void {
    for (const meter of this.#meters) {
      const left = meter.isOfTokens ? remaining.tokens : remaining.calls;
      if (left === undefined) continue;
      meter.update(state, at, nowMs, 0);
      meter.lower(state, at, Math.max(0, left));
    }
  }

  /** Milliseconds until the state is that of a key which nobody has used. */
  idleInMs(state: Numbers, at: number, nowMs: number): number {
    let idleMs = Math.max(0, state[at + PAUSED_UNTIL]! - nowMs);
    for (const meter of this.#meters) {
      meter.update(state, at, nowMs, 0);
      idleMs = Math.max(idleMs, meter.idleInMs(state, at, nowMs));
    }
    return idleMs;
  }

  #refusal(
    state: Numbers,
    at: number,
    room: number,
    waitMs: number,
    longest: number,
    nowMs: number,
  ): RateVerdict {
    const pausedMs = pauseLeft(state, at, nowMs);
    const isPaused = pausedMs > waitMs;
    return {
      allowed: false,
      remaining: pausedMs > 0 ? 0 : whole(room),
      retryAfterMs: Math.max(1, Math.ceil(Math.max(pausedMs, waitMs) - ALMOST)),
      reason: isPaused ? "paused" : "rate",
      limit: isPaused ? undefined : this.rules[longest]?.name,
    };
  }
}

/** A clock that went back must not make a pause longer than any can be. */
function pauseLeft(state: Numbers, at: number, nowMs: number): number {
  const leftMs = state[at + PAUSED_UNTIL]! - nowMs;
  if (leftMs > LONGEST_PAUSE_MS) state[at + PAUSED_UNTIL] = nowMs + LONGEST_PAUSE_MS;
  return Math.max(0, Math.min(leftMs, LONGEST_PAUSE_MS));
}

function whole(room: number): number {
  return room <= 0 ? 0 : Math.floor(room + ALMOST);
}
