import type { Cell } from "./cell.ts";
import type { DecayingMemoryStats } from "./decaying-stats.ts";
import { MEMORY_TYPES, type MemoryType } from "./memory-type.ts";
import type { Relevance } from "./relevance.ts";

type ScoreFacts = Pick<DecayingMemoryStats, "byType" | "avgRelevance" | "minRelevance" | "maxRelevance">;

/** How many there are of each type, and how relevant they are now, to three digits; 0 where there are none. */
export function scoreFacts(cells: Iterable<Cell>, relevance: Relevance, nowMs: number): ScoreFacts {
  const byType = Object.fromEntries(MEMORY_TYPES.map((type) => [type, 0])) as Record<MemoryType, number>;
  let [count, sum, min, max] = [0, 0, 1, 0];
  for (const cell of cells) {
    const score = relevance.score(cell.type, cell, nowMs);
    byType[MEMORY_TYPES[cell.type]!] += 1;
    count += 1;
    sum += score;
    min = Math.min(min, score);
    max = Math.max(max, score);
  }
  return {
    byType,
    avgRelevance: count === 0 ? 0 : threeDigits(sum / count),
    minRelevance: count === 0 ? 0 : threeDigits(min),
    maxRelevance: threeDigits(max),
  };
}

function threeDigits(value: number): number {
  return Number(value.toFixed(3));
}
