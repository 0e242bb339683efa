import type { Amounts } from "../../stores/rate-limits/rate-limit-store.ts";
import type { RateRule } from "../../stores/rate-limits/rate-rule.ts";
import { checkKey } from "./check-options.ts";
import type { RateLimitOptions } from "./rate-limit-options.ts";

/** What one call wants. */
export interface RateRequest {
  /** Whose limit. @default the option `key` */
  readonly key?: string;
  /** Calls that it counts for, a whole number from 1. @default 1 */
  readonly cost?: number;
  /** Tokens that it is expected to take, a whole number from 0. @default the option `tokens` */
  readonly tokens?: number;
}

/** The same with nothing left out. */
export interface Ask extends Amounts {
  readonly key: string;
}

const ONLY_KEY = "";

/** Makes asks of requests, and refuses those that could never pass. */
export class Asks {
  readonly #limiter: string;
  readonly #rules: readonly RateRule[];
  readonly #key: string | (() => string);
  readonly #tokens: number;
  readonly #mostCalls: number;
  readonly #mostTokens: number;
  readonly #plain: Ask | undefined;

  constructor({ name, key = ONLY_KEY, tokens = 0 }: RateLimitOptions, rules: readonly RateRule[]) {
    this.#limiter = name;
    this.#rules = rules;
    this.#key = key;
    this.#tokens = tokens;
    this.#mostCalls = mostOf(rules, "calls");
    this.#mostTokens = mostOf(rules, "tokens");
    this.#plain = typeof key === "string" ? { key, calls: 1, tokens } : undefined;
  }

  /** @throws TypeError, RangeError on a bad request, and on one that is larger than a limit: it would wait for ever. */
  of(request: RateRequest | undefined): Ask {
    if (request === undefined && this.#plain !== undefined) return this.#plain;
    const { key, cost: calls = 1, tokens = this.#tokens } = request ?? {};
    if (!(Number.isSafeInteger(calls) && calls >= 1))
      throw this.#bad("cost must be a whole number >= 1", calls);
    if (!(Number.isSafeInteger(tokens) && tokens >= 0))
      throw this.#bad("tokens must be a whole number >= 0", tokens);
    if (calls > this.#mostCalls) throw this.#tooLarge("cost", "calls", calls, this.#mostCalls);
    if (tokens > this.#mostTokens) throw this.#tooLarge("tokens", "tokens", tokens, this.#mostTokens);
    return { key: key === undefined ? this.#ownKey() : checked(key), calls, tokens };
  }

  /** @throws TypeError on a bad key. */
  keyOf(key: string | undefined): string {
    return key === undefined ? this.#ownKey() : checked(key);
  }

  #ownKey(): string {
    return typeof this.#key === "string" ? this.#key : checked(this.#key());
  }

  #bad(what: string, value: unknown): RangeError {
    return new RangeError(`rate limit "${this.#limiter}": ${what}, got ${String(value)}`);
  }

  #tooLarge(what: string, of: RateRule["of"], asked: number, most: number): RangeError {
    const rule = this.#rules.find((one) => one.of === of && one.capacity === most);
    const option = rule?.kind === "bucket" && of === "calls" ? `burst of ${rule.name}` : rule?.name;
    const error = this.#bad(`${what} must be at most ${most} (${option}), or it could never pass`, asked);
    return Object.assign(error, { limiter: this.#limiter, limit: rule?.name, asked, most });
  }
}

function checked(key: string): string {
  checkKey(key);
  return key;
}

function mostOf(rules: readonly RateRule[], of: RateRule["of"]): number {
  return Math.min(...rules.filter((rule) => rule.of === of).map(({ capacity }) => capacity));
}
