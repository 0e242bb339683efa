import { systemClock } from "../internal/clock.ts";
import { CoarseClock } from "../internal/coarse-clock.ts";
import { systemAfter } from "../internal/timers.ts";
import { MemoryRates, type MemoryRatesOptions } from "../stores/rate-limits/memory-rates.ts";
import { metricSources } from "../telemetry/metric-sources.ts";
import { Asks } from "./rate-limit/ask.ts";
import { checkOptions } from "./rate-limit/check-options.ts";
import { Insurance } from "./rate-limit/insurance.ts";
import type { LimiterParts } from "./rate-limit/limiter-parts.ts";
import { localDesk } from "./rate-limit/local-desk.ts";
import { RateLimiter } from "./rate-limit/local-limiter.ts";
import type { RateDecision } from "./rate-limit/rate-answer.ts";
import { countsOf } from "./rate-limit/rate-limit-counts.ts";
import type {
  LocalRateLimitOptions,
  RateLimitOptions,
  SharedRateLimitOptions,
} from "./rate-limit/rate-limit-options.ts";
import { rulesOf } from "./rate-limit/rules-of.ts";
import { SharedRateLimiter } from "./rate-limit/shared-limiter.ts";
import { StoreDesk } from "./rate-limit/store-desk.ts";
import { tokensOfUsage } from "./rate-limit/tokens-of.ts";

export type { RateRequest } from "./rate-limit/ask.ts";
export type { RateLimiter } from "./rate-limit/local-limiter.ts";
export type { RateDecision } from "./rate-limit/rate-answer.ts";
export type {
  LocalRateLimitOptions,
  RateLimitHome,
  RateLimitOptions,
  SharedRateLimitOptions,
  StoreFailurePolicy,
} from "./rate-limit/rate-limit-options.ts";
export type { RatePermit } from "./rate-limit/rate-permit.ts";
export type { SharedRateLimiter } from "./rate-limit/shared-limiter.ts";

const MAX_WAITING = 1_000;
const MAX_KEYS = 100_000;

/**
 * Keeps calls below the limits of a provider: waits for their turn or refuses them, by key, in this process or shared through a store.
 * An error with status 429 or 529 and a Retry-After pauses its key.
 *
 *     const limiter = rateLimit({ name: "openai", perMinute: 20 });
 *     await limiter.acquire();
 *
 * @throws TypeError or RangeError that names the option, what it allows and the value.
 */
export function rateLimit(options: LocalRateLimitOptions): RateLimiter;
export function rateLimit(options: SharedRateLimitOptions): SharedRateLimiter;
export function rateLimit(options: RateLimitOptions): RateLimiter | SharedRateLimiter;
export function rateLimit(options: RateLimitOptions): RateLimiter | SharedRateLimiter {
  checkOptions(options);
  const parts = partsOf(options);
  const memory: MemoryRatesOptions = {
    rules: parts.rules,
    name: options.name,
    maxKeys: options.maxKeys ?? MAX_KEYS,
    nowMs: nowOf(options),
  };
  if (options.store === undefined)
    return new RateLimiter({ ...parts, desk: localDesk(new MemoryRates(memory)) });
  return new SharedRateLimiter({
    ...parts,
    desk: storeDeskOf(options as SharedRateLimitOptions, parts, memory),
  });
}

type Parts = Omit<LimiterParts<RateDecision>, "desk">;

function partsOf(options: RateLimitOptions): Parts {
  const { name, clock = systemClock, after = systemAfter, random = Math.random } = options;
  const rules = rulesOf(options);
  return {
    name,
    rules,
    asks: new Asks(options, rules),
    counts: countsOf(options.metrics ?? metricSources, name, rules),
    clock,
    after,
    random,
    waits: options.wait ?? true,
    maxWaiting: options.maxWaiting ?? MAX_WAITING,
    countsTokens: rules.some((rule) => rule.of === "tokens"),
    tokensOf: options.tokensOf ?? tokensOfUsage,
  };
}

function storeDeskOf(
  { store, onStoreFailure = "closed", expectedProcesses = 1 }: SharedRateLimitOptions,
  { name, rules, counts, clock, after }: Parts,
  memory: MemoryRatesOptions,
): StoreDesk {
  return new StoreDesk({
    limiter: name,
    rules,
    storeName: store.name,
    store: store.rateLimits!,
    whenDown: onStoreFailure === "insured" ? new Insurance(memory, expectedProcesses) : onStoreFailure,
    nowMs: () => clock.monotonic(),
    after,
    failed: () => {
      counts.storeFailures += 1;
    },
  });
}

/** The clock of calls that come by the thousand in a millisecond; a test's own is read each time. */
function nowOf({ clock, after }: RateLimitOptions): () => number {
  if (clock !== undefined) return () => clock.monotonic();
  const coarse = new CoarseClock(systemClock, after ?? systemAfter);
  return () => coarse.nowMs;
}
