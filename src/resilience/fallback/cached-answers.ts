import { checkWhole } from "../../internal/check-number.ts";
import { type Clock, systemClock } from "../../internal/clock.ts";
import { warnOnce } from "../../internal/warn-once.ts";
import { errorMessage } from "../../telemetry/error-type.ts";
import { AnswerCache, type CachedAnswer } from "./answer-cache.ts";
import { type AnswerKey, inputKey } from "./answer-key.ts";
import type { ProtectedCall } from "./fallback.ts";

const MAX_BYTES = 64 * 1024 * 1024;

export interface CachedAnswersOptions {
  /** Milliseconds for which an answer may stand in. */
  readonly maxAgeMs: number;
  /** Answers that are kept; the one that was not used for the longest goes first. @default 1_000 */
  readonly maxEntries?: number;
  /** Bytes that they take in all. @default 64 MiB */
  readonly maxBytes?: number;
  /**
   * Tells inputs apart. Needed where the input is no plain data, and where two callers may have different answers to the same input: put
   * the tenant or user in, `(args) => JSON.stringify([tenant(), args])`, or one sees what was said to the other.
   *
   * @default SHA-256 over the function, the name of its breaker, and the arguments
   */
  readonly key?: AnswerKey;
  readonly clock?: Clock;
}

/** The last answer to each input. What cannot be kept is said once, with what to do, and is the call's business in no other way. */
export class CachedAnswers {
  readonly #owner: string;
  readonly #key: AnswerKey | undefined;
  readonly #cache: AnswerCache;
  /** One policy may protect several functions, whose answers to the same input are not the same. */
  readonly #targets = new WeakMap<object, number>();
  #targetCount = 0;

  /**
   * @param owner The function that made it, for errors.
   * @throws RangeError or TypeError that names the option and value.
   */
  constructor(owner: string, options: CachedAnswersOptions) {
    const { maxAgeMs, maxEntries = 1_000, maxBytes = MAX_BYTES, key, clock = systemClock } = options;
    if (key !== undefined && typeof key !== "function")
      throw new TypeError(`${owner}: key must be a function, got ${String(key)}`);
    const limits = {
      maxAgeMs: checkWhole(`${owner}: maxAgeMs`, maxAgeMs, 1),
      maxEntries: checkWhole(`${owner}: maxEntries`, maxEntries, 1),
      maxBytes: checkWhole(`${owner}: maxBytes`, maxBytes, 1),
    };
    this.#owner = owner;
    this.#key = key;
    this.#cache = new AnswerCache(limits, clock);
  }

  get(call: ProtectedCall): CachedAnswer | undefined {
    const key = this.#keyOf(call);
    return key === undefined ? undefined : this.#cache.get(key);
  }

  keep(value: unknown, call: ProtectedCall): void {
    const key = this.#keyOf(call);
    if (key === undefined) return;
    try {
      this.#cache.set(key, value);
    } catch (error) {
      this.#sayNotKept(call, error, "Return plain data from the function");
    }
  }

  #keyOf(call: ProtectedCall): string | undefined {
    try {
      const key = this.#inputKeyOf(call);
      return key === undefined ? undefined : `${this.#numberOf(call.target)} ${key}`;
    } catch (error) {
      const remedy = `Give ${this.#owner} a key: (args) => string, or protect the function with around()`;
      this.#sayNotKept(call, error, remedy);
      return undefined;
    }
  }

  #inputKeyOf({ name, args }: ProtectedCall): string | undefined {
    if (this.#key !== undefined) return checkedKey(this.#key(args));
    if (args === undefined) throw new TypeError("its input is not known under execute and outcome");
    return inputKey(name, args);
  }

  #numberOf(target: object | undefined): number {
    if (target === undefined) return 0;
    let number = this.#targets.get(target);
    if (number === undefined) {
      number = ++this.#targetCount;
      this.#targets.set(target, number);
    }
    return number;
  }

  #sayNotKept({ name }: ProtectedCall, error: unknown, remedy: string): void {
    const whose = name === undefined ? "an unnamed function" : JSON.stringify(name);
    const why = errorMessage(error) ?? "it cannot be read";
    warnOnce(
      `not-kept:${this.#owner}:${name}:${remedy}`,
      `an answer of ${whose} is not kept for when it fails: ${why}. ${remedy}.`,
    );
  }
}

function checkedKey(key: unknown): string | undefined {
  if (key === undefined || typeof key === "string") return key;
  throw new TypeError(`key must return a string, got ${typeof key}`);
}
