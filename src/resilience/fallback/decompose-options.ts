import { checkWhole } from "../../internal/check-number.ts";

export interface DecomposeFallbackOptions {
  /** Of one call. More are refused before the first one starts. @default 10 */
  readonly maxParts?: number;
  /** Parts of one call that run at once. @default 4 */
  readonly concurrency?: number;
  /**
   * What happens when a part fails. `all`: the others are aborted, and there is no answer. `best_effort`: the answer is made of the parts that
   * succeeded, with their share as its `confidence`.
   *
   * @default "all"
   */
  readonly partial?: "all" | "best_effort";
}

/** @throws RangeError or TypeError that names the option and value. */
export function checkDecomposeOptions(options: DecomposeFallbackOptions): Required<DecomposeFallbackOptions> {
  const { maxParts = 10, concurrency = 4, partial = "all" } = options;
  checkWhole("decomposeFallback: maxParts", maxParts, 1);
  checkWhole("decomposeFallback: concurrency", concurrency, 1);
  if (partial !== "all" && partial !== "best_effort")
    throw new TypeError(
      `decomposeFallback: partial must be "all" or "best_effort", got ${JSON.stringify(partial)}`,
    );
  return { maxParts, concurrency, partial };
}
