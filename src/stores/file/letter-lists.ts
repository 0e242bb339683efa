import type { LetterDepth, LetterQuery, LetterSummary } from "../letters/dead-letter-store.ts";
import type { FoundLetter } from "./letter-folders.ts";
import type { LetterHead } from "./letter-text.ts";

/** Those that fit, in the order that is asked for. */
export function listed(found: readonly FoundLetter[], query: LetterQuery): readonly FoundLetter[] {
  const sign = query.oldestFirst === true ? 1 : -1;
  return found
    .filter(({ head }) => fits(head, query))
    .sort((a, b) => sign * (a.head.lastAttemptMs - b.head.lastAttemptMs) || compare(a.head.id, b.head.id));
}

export function summaryOf(found: readonly FoundLetter[]): LetterSummary {
  const open = unresolved(found);
  return {
    ...depthOf(found),
    total: found.length,
    resolved: found.length - open.length,
    byTaskType: counted(open.map(({ taskType }) => taskType)),
    byErrorType: counted(open.map(({ errorType }) => errorType)),
  };
}

export function depthOf(found: readonly FoundLetter[]): LetterDepth {
  const open = unresolved(found);
  const oldestMs = open.reduce<number | undefined>(
    (oldest, { firstAttemptMs }) => Math.min(firstAttemptMs, oldest ?? firstAttemptMs),
    undefined,
  );
  return { unresolved: open.length, oldestMs };
}

/** By code units, so that it is the same everywhere. */
export function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function fits({ taskType, resolvedMs, replays }: LetterHead, query: LetterQuery): boolean {
  const { resolved = false, maxReplays = Number.POSITIVE_INFINITY } = query;
  const isOfType = query.taskType === undefined || query.taskType === taskType;
  return isOfType && resolvedMs > 0 === resolved && replays < maxReplays;
}

function unresolved(found: readonly FoundLetter[]): readonly LetterHead[] {
  return found.map(({ head }) => head).filter(({ resolvedMs }) => resolvedMs === 0);
}

function counted(names: readonly string[]): LetterSummary["byTaskType"] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a, many], [b, more]) => more - many || compare(a, b));
}
