import type { MemoryType } from "./memory-type.ts";

/** What one `decayingMemory` holds and has done, without any content. Plain JSON. */
export interface DecayingMemoryStats {
  readonly name: string;
  readonly totalEntries: number;
  readonly maxEntries: number;
  readonly byType: Readonly<Record<MemoryType, number>>;
  /** From 0 to 1, of now, with three digits; 0 where there are no entries. */
  readonly avgRelevance: number;
  readonly minRelevance: number;
  readonly maxRelevance: number;
  readonly evictedEntries: number;
}
