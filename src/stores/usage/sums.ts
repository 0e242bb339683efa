import type { CallSums, RunSums } from "./usage-store.ts";

export const CALL_SUMS = [
  "calls",
  "errors",
  "inputTokens",
  "outputTokens",
  "cacheReadTokens",
  "cacheWriteTokens",
  "reasoningTokens",
  "costNanoUsd",
  "unpricedCalls",
] as const satisfies readonly (keyof CallSums)[];

export const RUN_SUMS = [
  "runs",
  "errors",
  "ownCalls",
  "ownTokens",
  "ownCostNanoUsd",
  "subtreeCalls",
  "subtreeTokens",
  "subtreeCostNanoUsd",
] as const satisfies readonly (keyof RunSums)[];

export function noCalls(): CallSums {
  return {
    calls: 0,
    errors: 0,
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    costNanoUsd: 0,
    unpricedCalls: 0,
  };
}

export function noRuns(): RunSums {
  return {
    runs: 0,
    errors: 0,
    ownCalls: 0,
    ownTokens: 0,
    ownCostNanoUsd: 0,
    subtreeCalls: 0,
    subtreeTokens: 0,
    subtreeCostNanoUsd: 0,
  };
}

/** Adds `more` to `sums`, in place. */
export function addCalls(sums: CallSums, more: CallSums): void {
  for (const field of CALL_SUMS) sums[field] += more[field];
}

/** The same for runs. */
export function addRuns(sums: RunSums, more: RunSums): void {
  for (const field of RUN_SUMS) sums[field] += more[field];
}

/** What is at a key of several texts, made where there is nothing. */
export function at<T>(map: Map<string, T>, key: readonly string[], make: () => T): T {
  const text = key.join("\u0000");
  let found = map.get(text);
  if (found === undefined) {
    found = make();
    map.set(text, found);
  }
  return found;
}
