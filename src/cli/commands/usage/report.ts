import type { UsageTotal } from "../../../spend/usage/usage-total.ts";
import type { UsageBy } from "../../../spend/usage-totals.ts";
import type { OtherModel } from "./other-model.ts";

/** One line of the table, and one object with --json. */
export interface UsageLine extends UsageTotal {
  /** With another model only; `null`: not known. */
  readonly asCostUsd?: number | null;
  /** What that would have cost more; below zero: saved. */
  readonly differenceUsd?: number | null;
}

export function usageLines(
  totals: readonly UsageTotal[],
  other: OtherModel | undefined,
): readonly UsageLine[] {
  if (other === undefined) return totals;
  return totals.map((total) => {
    const asCostUsd = other(total) ?? null;
    return {
      ...total,
      asCostUsd,
      differenceUsd: asCostUsd === null ? null : nano(asCostUsd - total.costUsd),
    };
  });
}

/** All lines added up; `undefined` by workflow, since one inside another is counted in both. */
export function sumOf(lines: readonly UsageLine[], by: UsageBy): UsageLine | undefined {
  if (by === "workflow") return undefined;
  const sum = (of: (line: UsageLine) => number): number => lines.reduce((all, line) => all + of(line), 0);
  const total = {
    name: "total",
    calls: sum(({ calls }) => calls),
    tokens: sum(({ tokens }) => tokens),
    costUsd: nano(sum(({ costUsd }) => costUsd)),
  };
  if (lines[0]?.asCostUsd === undefined) return total;
  // Only what has both can be compared.
  const known = lines.filter(({ asCostUsd }) => asCostUsd !== null);
  const asCostUsd = nano(known.reduce((all, line) => all + (line.asCostUsd ?? 0), 0));
  const differenceUsd = nano(known.reduce((all, line) => all + (line.differenceUsd ?? 0), 0));
  return { ...total, asCostUsd, differenceUsd };
}

export function unpricedCalls(lines: readonly UsageLine[]): number {
  return lines.reduce((all, { detail }) => all + (detail?.unpricedCalls ?? 0), 0);
}

/** Whole nano-dollars: what adding up fractions of two leaves beyond is nothing. */
function nano(usd: number): number {
  return Math.round(usd * 1e9) / 1e9;
}
