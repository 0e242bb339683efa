import type { TokenUsage } from "./token-usage.ts";

/** What one model of one provider costs. */
export interface ModelPrice {
  /** `own`: the user's. `list`: the price library's. */
  readonly source: "own" | "list";
  /**
   * @param atMs When the call started, milliseconds since the epoch; picks the row in force. @default now
   * @returns Integer nano-dollars (1e-9 USD), rounded half up, or `undefined` when the price or the usage is unusable.
   */
  nanoUsd(usage: TokenUsage, atMs?: number): number | undefined;
}

/**
 * Picodollars (1e-12 USD) per token, because every list price is a whole number of them: sums are exact, and one
 * rounding at the end is the only one.
 */
export interface Rates {
  /** `undefined`: this model is not billed by input tokens, so what they cost is not known. */
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly inputAudio: number;
  /** Audio that was read from the cache. */
  readonly cachedAudio: number;
  readonly reasoning: number;
  readonly outputAudio: number;
  /** Picodollars per call, whatever its tokens. */
  readonly request: number;
}

/** Prices of calls whose input is larger than `above` tokens; the whole call is billed at them. */
export interface Tier {
  readonly above: number;
  readonly rates: Rates;
}

/** When a row is in force. */
export type InForce =
  | { readonly kind: "always" }
  | { readonly kind: "from"; readonly ms: number }
  /** Every day in UTC, in milliseconds after midnight; an end before the start is on the next day. */
  | { readonly kind: "daily"; readonly startMs: number; readonly endMs: number };

export interface PriceRow {
  readonly inForce: InForce;
  /** By `above`, rising. The first is the base price. */
  readonly tiers: readonly Tier[];
}

/** A price made of numbers alone: some ten nanoseconds a call. */
export class CompiledPrice implements ModelPrice {
  readonly source: ModelPrice["source"];
  readonly #rows: readonly PriceRow[];

  /** @param rows The last one in force wins; when none is, the first one counts. */
  constructor(rows: readonly PriceRow[], source: ModelPrice["source"] = "list") {
    this.source = source;
    if (rows.length === 0) throw new RangeError("CompiledPrice: at least one row is needed, got 0");
    this.#rows = rows;
  }

  nanoUsd(usage: TokenUsage, atMs?: number): number | undefined {
    if (!isUsable(usage)) return undefined;
    const row = this.#rows.length === 1 ? this.#rows[0] : this.#rowAt(atMs ?? Date.now());
    if (row === undefined) return undefined;
    return toNanoUsd(picoUsd(ratesFor(row.tiers, usage.input), usage));
  }

  #rowAt(atMs: number): PriceRow | undefined {
    if (!Number.isFinite(atMs)) return undefined;
    // A loop and not findLast, whose closure costs as much as the rest of a price.
    for (let i = this.#rows.length - 1; i > 0; i--) {
      if (isInForce(this.#rows[i]!.inForce, atMs)) return this.#rows[i];
    }
    return this.#rows[0];
  }
}

const DAY_MS = 86_400_000;

function isInForce(inForce: InForce, atMs: number): boolean {
  if (inForce.kind === "always") return true;
  if (inForce.kind === "from") return atMs >= inForce.ms;
  const ofDay = ((atMs % DAY_MS) + DAY_MS) % DAY_MS;
  const { startMs, endMs } = inForce;
  return endMs < startMs ? ofDay >= startMs || ofDay < endMs : ofDay >= startMs && ofDay < endMs;
}

function ratesFor(tiers: readonly Tier[], input: number): Rates {
  let rates = tiers[0]!.rates;
  for (let i = 1; i < tiers.length && input > tiers[i]!.above; i++) rates = tiers[i]!.rates;
  return rates;
}

/** Every token is billed as plain input or output, and each part adds what it costs more or less than that. */
function picoUsd(rates: Rates, usage: TokenUsage): number | undefined {
  const {
    input,
    output,
    cacheRead = 0,
    cacheWrite5m = 0,
    cacheWrite1h = 0,
    reasoning = 0,
    outputAudio = 0,
  } = usage;
  const inputRate = rates.input ?? 0;
  const outputRate = rates.output ?? 0;
  if (rates.input === undefined && (input > 0 || rates.output === undefined)) return undefined;
  if (rates.output === undefined && output > 0) return undefined;
  const cachedAudio = usage.inputAudio ? cachedAudioOf(usage) : 0;
  return (
    rates.request +
    input * inputRate +
    (cacheRead - cachedAudio) * (rates.cacheRead - inputRate) +
    cacheWrite5m * (rates.cacheWrite5m - inputRate) +
    cacheWrite1h * (rates.cacheWrite1h - inputRate) +
    ((usage.inputAudio ?? 0) - cachedAudio) * (rates.inputAudio - inputRate) +
    cachedAudio * (rates.cachedAudio - inputRate) +
    output * outputRate +
    reasoning * (rates.reasoning - outputRate) +
    outputAudio * (rates.outputAudio - outputRate)
  );
}

/** Providers do not say how much of the audio came from the cache: no more than what cannot have been fresh. */
export function cachedAudioOf(usage: TokenUsage): number {
  const { input, inputAudio = 0, cacheRead = 0, cacheWrite5m = 0, cacheWrite1h = 0 } = usage;
  const fresh = input - cacheRead - cacheWrite5m - cacheWrite1h;
  return Math.min(cacheRead, Math.max(0, inputAudio - fresh));
}

/**
 * Picodollars to whole nano-dollars, half away from zero.
 *
 * @returns `undefined` for what is below zero, as parts that overlap can be when each is cheaper than the whole.
 */
export function toNanoUsd(pico: number | undefined): number | undefined {
  if (pico === undefined) return undefined;
  const nano = Math.round(pico / 1_000);
  return Number.isSafeInteger(nano) && nano >= 0 ? nano : undefined;
}

function isUsable(usage: TokenUsage): boolean {
  const { input, output, cacheRead = 0, cacheWrite5m = 0, cacheWrite1h = 0 } = usage;
  const { reasoning = 0, inputAudio = 0, outputAudio = 0 } = usage;
  return (
    isCount(input) &&
    isCount(output) &&
    isCount(cacheRead) &&
    isCount(cacheWrite5m) &&
    isCount(cacheWrite1h) &&
    isCount(inputAudio) &&
    isCount(reasoning) &&
    isCount(outputAudio) &&
    cacheRead + cacheWrite5m + cacheWrite1h <= input &&
    inputAudio <= input &&
    reasoning <= output &&
    outputAudio <= output
  );
}

function isCount(value: number): boolean {
  // The first test is the fast one, and true of every real count.
  return value >>> 0 === value || (Number.isSafeInteger(value) && value >= 0);
}
