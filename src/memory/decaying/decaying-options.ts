import { checkName } from "../../internal/check-name.ts";
import { checkBetween, checkWhole } from "../../internal/check-number.ts";
import { type Clock, systemClock } from "../../internal/clock.ts";
import type { MetricSources } from "../../telemetry/metric-sources.ts";
import { DECAY_RATES, type DecayRates, RELEVANCE_WEIGHTS, type RelevanceWeights } from "./relevance.ts";

/** All have defaults. */
export interface DecayingMemoryOptions {
  /** A metric label. @default "memory" */
  readonly name?: string;
  /** 1 to 1,000,000; of more, the least relevant goes. @default 500 */
  readonly maxEntries?: number;
  /** Of a context, where `buildContext` is not told. @default 8_000 */
  readonly maxContextTokens?: number;
  /** When there are too many, all entries go whose relevance is below, 0 to 1; where there are none, the least relevant. @default 0.1 */
  readonly evictionThreshold?: number;
  /** Characters of one entry, 1 to 1,000,000. @default 65_536 */
  readonly maxContentLength?: number;
  /** Of the exponential, for each hour, 0 to 1,000,000. @default those of the pattern */
  readonly rates?: Partial<DecayRates>;
  /** 0 to 1 each; the score is cut to 0 to 1 whatever their sum. @default those of the pattern */
  readonly weights?: Partial<RelevanceWeights>;
  /** Counts a context. @default a token for each 4 characters */
  readonly countTokens?: (text: string) => number;
  readonly clock?: Clock;
  /** Where it tells its metrics. @default those of this process */
  readonly metrics?: MetricSources;
}

/** The options, checked, with their defaults. */
export interface DecayingSettings {
  readonly name: string;
  readonly maxEntries: number;
  readonly maxContextTokens: number;
  readonly evictionThreshold: number;
  readonly maxContentLength: number;
  readonly rates: DecayRates;
  readonly weights: RelevanceWeights;
  readonly countTokens: (text: string) => number;
  readonly clock: Clock;
}

/** @throws RangeError or TypeError that names the option, what it allows and the value. */
export function decayingSettings(options: DecayingMemoryOptions): DecayingSettings {
  const { name = "memory", evictionThreshold = 0.1, countTokens = quarterOf, clock = systemClock } = options;
  const whole = (option: keyof DecayingMemoryOptions, byDefault: number, max: number): number =>
    checkWhole(`decayingMemory: ${option}`, options[option] ?? byDefault, 1, max);
  checkName("decayingMemory", name);
  checkBetween("decayingMemory: evictionThreshold", evictionThreshold, 0, 1);
  if (typeof countTokens !== "function")
    throw new TypeError(`decayingMemory: countTokens must be a function, got ${typeof countTokens}`);
  return {
    name,
    maxEntries: whole("maxEntries", 500, 1_000_000),
    maxContextTokens: whole("maxContextTokens", 8_000, 100_000_000),
    evictionThreshold,
    maxContentLength: whole("maxContentLength", 65_536, 1_000_000),
    rates: numbers("rates", DECAY_RATES, options.rates, 1_000_000),
    weights: numbers("weights", RELEVANCE_WEIGHTS, options.weights, 1),
    countTokens,
    clock,
  };
}

function numbers<T extends object>(option: string, usual: T, given: Partial<T> = {}, max: number): T {
  if (typeof given !== "object" || given === null)
    throw new TypeError(`decayingMemory: ${option} must be an object, got ${String(given)}`);
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(usual, key))
      throw new TypeError(
        `decayingMemory: ${option} has ${Object.keys(usual).join(", ")}, got ${JSON.stringify(key)}`,
      );
    if (value !== undefined) checkBetween(`decayingMemory: ${option}.${key}`, value, 0, max);
  }
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...usual, ...Object.fromEntries(set) };
}

/** As the pattern counts. */
function quarterOf(text: string): number {
  return Math.ceil(text.length / 4);
}
