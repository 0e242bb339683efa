import { checkName } from "../../internal/check-name.ts";
import { checkWhole } from "../../internal/check-number.ts";
import type { RateLimitOptions } from "./rate-limit-options.ts";

const LIMITS = ["perSecond", "perMinute", "perDay", "tokensPerMinute", "tokensPerDay"] as const;
const COUNTS = [...LIMITS, "burst", "maxKeys", "maxWaiting", "expectedProcesses"] as const;
const FROM_ZERO = ["tokens"] as const;
const FUNCTIONS = ["tokensOf", "random", "after"] as const;
const POLICIES: readonly unknown[] = [undefined, "open", "closed", "insured"];

/** @throws TypeError or RangeError that names the option, what it allows and the value. */
export function checkOptions(options: RateLimitOptions): void {
  checkName("rateLimit", options.name);
  for (const name of COUNTS)
    if (options[name] !== undefined) checkWhole(`rateLimit: ${name}`, options[name], 1);
  for (const name of FROM_ZERO)
    if (options[name] !== undefined) checkWhole(`rateLimit: ${name}`, options[name], 0);
  for (const name of FUNCTIONS) {
    const given: unknown = options[name];
    if (given !== undefined && typeof given !== "function")
      throw new TypeError(`rateLimit: ${name} must be a function, got ${String(given)}`);
  }
  if (LIMITS.every((name) => options[name] === undefined))
    throw new TypeError(`rateLimit: give at least one of ${LIMITS.join(", ")}`);
  checkFit(options);
  checkKeyOption(options.key);
  checkStore(options);
}

function checkFit(options: RateLimitOptions): void {
  const { burst, perSecond, perMinute, tokens = 0, wait } = options;
  if (burst !== undefined && perSecond === undefined && perMinute === undefined)
    throw new TypeError("rateLimit: burst needs perSecond or perMinute");
  for (const name of ["tokensPerMinute", "tokensPerDay"] as const) {
    const most = options[name];
    if (most !== undefined && tokens > most)
      throw new RangeError(`rateLimit: tokens must be at most ${name} (${most}), got ${tokens}`);
  }
  if (wait !== undefined && typeof wait !== "boolean")
    throw new TypeError(`rateLimit: wait must be true or false, got ${String(wait)}`);
}

function checkKeyOption(key: unknown): void {
  if (key === undefined || typeof key === "function") return;
  if (typeof key !== "string")
    throw new TypeError(`rateLimit: key must be a string or a function, got ${typeof key}`);
  checkKey(key);
}

const LONGEST_KEY = 256;

/** @throws TypeError that never has the key in it, which may be a user. */
export function checkKey(key: unknown): asserts key is string {
  if (typeof key !== "string") throw new TypeError(`rateLimit: key must be a string, got ${typeof key}`);
  if (key.length > LONGEST_KEY)
    throw new TypeError(`rateLimit: key must have at most ${LONGEST_KEY} characters, got ${key.length}`);
}

function checkStore({ store, onStoreFailure, expectedProcesses }: RateLimitOptions): void {
  if (!POLICIES.includes(onStoreFailure))
    throw new TypeError(
      `rateLimit: onStoreFailure must be "open", "closed" or "insured", got ${JSON.stringify(onStoreFailure)}`,
    );
  if (store === undefined) {
    if (onStoreFailure !== undefined) throw new TypeError("rateLimit: onStoreFailure needs a store");
    return;
  }
  if (store?.rateLimits === undefined)
    throw new TypeError(`rateLimit: store ${JSON.stringify(store?.name)} has no rate limits`);
  if (onStoreFailure === "insured" && expectedProcesses === undefined)
    throw new TypeError(
      "rateLimit: insured needs expectedProcesses, or every process would have the whole limit",
    );
}
