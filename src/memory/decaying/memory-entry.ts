import type { Json } from "../../internal/plain-json.ts";
import type { MemoryType } from "./memory-type.ts";

/** An entry of a decaying memory, as it was when it was asked for. Times are milliseconds since the epoch, to show. */
export interface MemoryEntry {
  /** Of its own in this memory, and larger than those before. */
  readonly id: number;
  readonly content: string;
  readonly type: MemoryType;
  /** From 0 to 1. */
  readonly importance: number;
  readonly metadata: Readonly<Record<string, Json>>;
  /** Who added it; `undefined` where that was no agent. */
  readonly agent: string | undefined;
  readonly createdAtMs: number;
  readonly lastAccessedAtMs: number;
  readonly accessCount: number;
}

export interface RecalledEntry extends MemoryEntry {
  /** From 0 to 1, when it was recalled. */
  readonly relevance: number;
}
