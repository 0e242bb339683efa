import { warnOnce } from "../../internal/warn-once.ts";
import { Meters } from "./meters.ts";
import type { Amounts, RateVerdict } from "./rate-limit-store.ts";
import type { RateRule } from "./rate-rule.ts";
import { StateTable } from "./state-table.ts";

/** So few are not worth a look. */
const FEW_KEYS = 1_024;
/** Between two looks at a table that is full. */
const SWEEP_MS = 1_000;

export interface MemoryRatesOptions {
  readonly rules: readonly RateRule[];
  /** Of the limiter, for the warning when there are too many keys. */
  readonly name: string;
  readonly maxKeys: number;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/**
 * The keys of one limiter in this process. A key that has used nothing for so long that all is free again is let go, which loses nothing.
 * Keys beyond `maxKeys` share one state, so that nobody gets a new limit by taking a new key.
 */
export class MemoryRates {
  readonly #meters: Meters;
  readonly #name: string;
  readonly #maxKeys: number;
  readonly #nowMs: () => number;
  readonly #table: StateTable;
  /** Where the state of those beyond `maxKeys` stands. */
  #shared: number | undefined;
  #sweepAt = FEW_KEYS;
  #sweptMs = Number.NEGATIVE_INFINITY;

  constructor({ rules, name, maxKeys, nowMs }: MemoryRatesOptions) {
    this.#meters = new Meters(rules);
    this.#table = new StateTable(this.#meters.size);
    this.#name = name;
    this.#maxKeys = maxKeys;
    this.#nowMs = nowMs;
  }

  get size(): number {
    return this.#table.size;
  }

  /** @param lateMs As for `Meter.update`. */
  take(key: string, calls: number, tokens: number, lateMs = 0): RateVerdict {
    const nowMs = this.#nowMs();
    const at = this.#table.find(key) ?? this.#make(key, nowMs);
    return this.#meters.take(this.#table.numbers, at, calls, tokens, nowMs, lateMs);
  }

  add(key: string, amounts: Amounts): void {
    const nowMs = this.#nowMs();
    const at = this.#table.find(key) ?? this.#make(key, nowMs);
    this.#meters.add(this.#table.numbers, at, amounts, nowMs);
  }

  pause(key: string, ms: number): void {
    const nowMs = this.#nowMs();
    const at = this.#table.find(key) ?? this.#make(key, nowMs);
    this.#meters.pause(this.#table.numbers, at, ms, nowMs);
  }

  lower(key: string, remaining: Partial<Amounts>): void {
    const nowMs = this.#nowMs();
    const at = this.#table.find(key) ?? this.#make(key, nowMs);
    this.#meters.lower(this.#table.numbers, at, remaining, nowMs);
  }

  #make(key: string, nowMs: number): number {
    const table = this.#table;
    const isFull = table.size >= this.#maxKeys;
    if (isFull ? Math.abs(nowMs - this.#sweptMs) >= SWEEP_MS : table.size >= this.#sweepAt)
      this.#sweep(nowMs);
    if (table.size >= this.#maxKeys) return this.#overflow(nowMs);
    return table.add(key, this.#meters.fresh(nowMs));
  }

  /** The table may double before the next one, so that each new key pays for two looks. */
  #sweep(nowMs: number): void {
    this.#sweptMs = nowMs;
    const { numbers } = this.#table;
    this.#table.removeWhere((at) => this.#meters.idleInMs(numbers, at, nowMs) <= 0);
    this.#sweepAt = Math.max(FEW_KEYS, this.#table.size * 2);
  }

  #overflow(nowMs: number): number {
    warnOnce(
      `rate-limit-keys:${this.#name}`,
      `rate limit "${this.#name}" has more than ${this.#maxKeys} keys in use; those beyond share one limit`,
    );
    this.#shared ??= this.#table.reserve(this.#meters.fresh(nowMs));
    return this.#shared;
  }
}
