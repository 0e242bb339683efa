import type { Json } from "../../internal/plain-json.ts";
import type { Block } from "./block-list.ts";
import type { MemoryEntry, RecalledEntry } from "./memory-entry.ts";
import { MEMORY_TYPES } from "./memory-type.ts";

/** An entry, as it is kept. */
export interface Cell {
  readonly id: number;
  readonly content: string;
  /** Position in `MEMORY_TYPES`. */
  readonly type: number;
  readonly importance: number;
  /** JSON; `undefined`: none. */
  readonly metadata: string | undefined;
  readonly agent: string | undefined;
  readonly createdAtMs: number;
  lastAccessedAtMs: number;
  accessCount: number;
  /** Monotonic milliseconds: what its age is counted from. */
  readonly createdMs: number;
  accessedMs: number;
  /** The parts of its score that time does not change. */
  readonly importanceShare: number;
  frequencyShare: number;
  /** Where it stands. */
  block: Block | undefined;
}

export interface ScoredCell {
  readonly cell: Cell;
  readonly score: number;
}

/** A copy: what the program does with it changes nothing here. */
export function entryOf(cell: Cell): MemoryEntry {
  const { id, content, type, importance, metadata, agent, createdAtMs, lastAccessedAtMs, accessCount } = cell;
  return {
    id,
    content,
    type: MEMORY_TYPES[type]!,
    importance,
    metadata: metadata === undefined ? {} : (JSON.parse(metadata) as Record<string, Json>),
    agent,
    createdAtMs,
    lastAccessedAtMs,
    accessCount,
  };
}

export function recalledOf({ cell, score }: ScoredCell): RecalledEntry {
  return { ...entryOf(cell), relevance: score };
}
