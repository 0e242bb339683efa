import type { ConditionalPrice, ModelPrice as LibraryPrices, ModelInfo } from "@pydantic/genai-prices";
import { CompiledPrice, type InForce, type ModelPrice, type PriceRow, type Rates } from "./model-price.ts";

/**
 * Turns a model of the price library into plain numbers.
 *
 * Units that TokenUsage does not count (images, searches, pages, hours) are left out, as the library does when it is not
 * given them.
 *
 * @returns `undefined` for what these numbers cannot say: the library itself must price such a model.
 */
export function compilePrice(model: ModelInfo): ModelPrice | undefined {
  const conditional: readonly ConditionalPrice[] = Array.isArray(model.prices)
    ? model.prices
    : [{ prices: model.prices }];
  const rows: PriceRow[] = [];
  for (const { constraint, prices } of conditional) {
    const inForce = inForceFrom(constraint);
    if (inForce === undefined || needsJoinPrice(prices)) return undefined;
    rows.push({ inForce, tiers: tiersFrom(prices, /claude/i.test(model.id)) });
  }
  return rows.length === 0 ? undefined : new CompiledPrice(rows);
}

function inForceFrom(constraint: ConditionalPrice["constraint"]): InForce | undefined {
  if (constraint === undefined) return { kind: "always" };
  if (constraint.type === "start_date") {
    const ms = Date.parse(constraint.start_date);
    return Number.isNaN(ms) ? undefined : { kind: "from", ms };
  }
  if (constraint.type !== "time_of_date") return undefined;
  const startMs = utcTimeOfDay(constraint.start_time);
  const endMs = utcTimeOfDay(constraint.end_time);
  return startMs === undefined || endMs === undefined ? undefined : { kind: "daily", startMs, endMs };
}

function utcTimeOfDay(text: string): number | undefined {
  const match = /^(\d{2}):(\d{2}):(\d{2})Z$/.exec(text);
  return match === null
    ? undefined
    : (Number(match[1]) * 3_600 + Number(match[2]) * 60 + Number(match[3])) * 1_000;
}

/** Tokens that are two things at once need a price of their own; of those pairs we know cached audio. */
function needsJoinPrice(prices: LibraryPrices): boolean {
  const has = (key: string) => prices[key] !== undefined;
  const writes = has("cache_write_mtok") || has("cache_write_5m_mtok") || has("cache_write_1h_mtok");
  return (
    (has("input_audio_mtok") && writes) ||
    (has("input_audio_mtok") && has("cache_read_mtok") && !has("cache_audio_read_mtok")) ||
    (has("output_audio_mtok") && has("output_reasoning_mtok"))
  );
}

function tiersFrom(prices: LibraryPrices, isClaude: boolean): PriceRow["tiers"] {
  const starts = new Set<number>();
  for (const price of Object.values(prices)) {
    if (typeof price === "object") for (const tier of price.tiers) starts.add(tier.start);
  }
  const above = [-1, ...[...starts].sort((a, b) => a - b)];
  return above.map((start) => ({ above: start, rates: ratesFrom(prices, start, isClaude) }));
}

function ratesFrom(prices: LibraryPrices, start: number, isClaude: boolean): Rates {
  const rate = (key: string) => picoPerToken(priceAbove(prices[key], start));
  const input = rate("input_mtok");
  const output = rate("output_mtok");
  const cacheRead = rate("cache_read_mtok") ?? input ?? 0;
  const cacheWrite = rate("cache_write_mtok") ?? input ?? 0;
  const inputAudio = rate("input_audio_mtok");
  return {
    input,
    output,
    cacheRead,
    cacheWrite5m: rate("cache_write_5m_mtok") ?? cacheWrite,
    cacheWrite1h: rate("cache_write_1h_mtok") ?? oneHourWrite(isClaude, input, cacheWrite),
    inputAudio: inputAudio ?? input ?? 0,
    cachedAudio: rate("cache_audio_read_mtok") ?? (inputAudio === undefined ? cacheRead : inputAudio),
    reasoning: rate("output_reasoning_mtok") ?? output ?? 0,
    outputAudio: rate("output_audio_mtok") ?? output ?? 0,
    request: picoPerRequest(prices),
  };
}

/**
 * The library knows the one-hour price for Anthropic's own API alone. Elsewhere Claude follows the same rule: five
 * minutes cost 1.25 times the base input price, one hour 2 times. Applied only where the first half holds.
 * Source: https://platform.claude.com/docs/en/build-with-claude/prompt-caching#pricing, read November 2026.
 */
function oneHourWrite(isClaude: boolean, input: number | undefined, cacheWrite: number): number {
  return isClaude && input !== undefined && cacheWrite === Math.round(input * 1.25) ? input * 2 : cacheWrite;
}

function priceAbove(price: LibraryPrices[string], start: number): number | undefined {
  if (typeof price !== "object") return price;
  let found = price.base;
  for (const tier of [...price.tiers].sort((a, b) => a.start - b.start))
    if (tier.start <= start) found = tier.price;
  return found;
}

/** USD per million tokens are 1e6 picodollars per token. */
export function picoPerToken(usdPerMillion: number | undefined): number | undefined {
  if (usdPerMillion === undefined) return undefined;
  const exact = usdPerMillion * 1e6;
  const whole = Math.round(exact);
  // 1.1 * 1e6 is 1100000.0000000002; but a price of 0.08333333333333334 stays what it is.
  return Math.abs(exact - whole) < 1e-6 ? whole : exact;
}

/** USD per thousand calls are 1e9 picodollars per call. */
function picoPerRequest(prices: LibraryPrices): number {
  const price = prices["requests_kcount"];
  return typeof price === "number" ? Math.round(price * 1e9) : 0;
}
