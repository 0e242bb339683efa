import { warnOnce } from "../../internal/warn-once.ts";
import type { Amounts, RateKey, RateLimitStore } from "../../stores/rate-limits/rate-limit-store.ts";
import type { RateRule } from "../../stores/rate-limits/rate-rule.ts";
import type { Ask } from "./ask.ts";
import type { Insurance } from "./insurance.ts";
import { PASSED, type RateDecision } from "./rate-answer.ts";
import type { RateDesk } from "./rate-desk.ts";
import { StoreGuard, type StoreGuardOptions } from "./store-guard.ts";

export interface StoreDeskOptions extends StoreGuardOptions {
  readonly limiter: string;
  readonly rules: readonly RateRule[];
  /** As it may be shown. */
  readonly storeName: string;
  readonly store: RateLimitStore;
  readonly whenDown: "open" | "closed" | Insurance;
}

/** A limit in a store, and what holds while that cannot be reached. */
export class StoreDesk implements RateDesk<Promise<RateDecision>> {
  readonly #options: StoreDeskOptions;
  readonly #guard: StoreGuard;

  constructor(options: StoreDeskOptions) {
    this.#options = options;
    this.#guard = new StoreGuard({ ...options, failed: (error) => this.#failed(error) });
  }

  async take(ask: Ask, lateMs: number): Promise<RateDecision> {
    try {
      return await this.#guard.ask(() => this.#options.store.take(this.#at(ask.key), ask, lateMs));
    } catch (error) {
      return this.#without(ask, error);
    }
  }

  add(key: string, amounts: Amounts): void {
    this.#tell((store) => store.add(this.#at(key), amounts));
  }

  pause(key: string, ms: number): void {
    const { whenDown } = this.#options;
    if (typeof whenDown !== "string") whenDown.pause(key, ms);
    this.#tell((store) => store.pause(this.#at(key), ms));
  }

  lower(key: string, remaining: Partial<Amounts>): void {
    this.#tell((store) => store.lower(this.#at(key), remaining));
  }

  /** What is lost here makes the limit no larger by more than it. */
  #tell(request: (store: RateLimitStore) => Promise<void>): void {
    this.#guard.ask(() => request(this.#options.store)).catch(() => {});
  }

  #without(ask: Ask, cause: unknown): RateDecision {
    const { whenDown } = this.#options;
    if (whenDown === "open") return PASSED;
    if (whenDown !== "closed") return whenDown.take(ask);
    const retryAfterMs = Math.max(1, this.#guard.restMs);
    return { allowed: false, remaining: 0, retryAfterMs, reason: "store", limit: undefined, cause };
  }

  #failed(error: unknown): void {
    const { limiter, storeName, whenDown, failed } = this.#options;
    failed(error);
    const meanwhile =
      whenDown === "open"
        ? "every call passes meanwhile"
        : whenDown === "closed"
          ? "no call passes meanwhile"
          : "this process keeps its part of the limit meanwhile";
    warnOnce(
      `rate-limit-store:${limiter}`,
      `the store ${storeName} of rate limit "${limiter}" failed; ${meanwhile}`,
      error,
    );
  }

  #at(key: string): RateKey {
    const { limiter, rules } = this.#options;
    return { limiter, key, rules };
  }
}
