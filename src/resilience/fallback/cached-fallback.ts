import { CachedAnswers, type CachedAnswersOptions } from "./cached-answers.ts";
import type { FailedCall, Fallback, FallbackAnswer, ProtectedCall } from "./fallback.ts";

export type CachedFallbackOptions = CachedAnswersOptions;

/**
 * Answers with what the same call had last, while that is not too old; copies come in and go out. Filled by calls that succeed. Answers
 * marked as failed, and those of which there is no true copy (functions, class instances, streams), are not kept, and that is said once.
 *
 * @throws RangeError or TypeError that names the option and value.
 */
export function cachedFallback(options: CachedFallbackOptions): Fallback {
  return new CachedFallback(options);
}

class CachedFallback implements Fallback {
  readonly kind = "cached";
  readonly #answers: CachedAnswers;

  constructor(options: CachedFallbackOptions) {
    this.#answers = new CachedAnswers("cachedFallback", options);
  }

  async answer(call: FailedCall): Promise<FallbackAnswer | undefined> {
    call.signal.throwIfAborted();
    return this.#answers.get(call);
  }

  succeeded(value: unknown, call: ProtectedCall): void {
    this.#answers.keep(value, call);
  }
}
