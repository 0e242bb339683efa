/** What an entry is, which says how fast it fades. In the order in which a context is built. */
export type MemoryType = "instruction" | "decision" | "fact" | "conversation" | "result";

export const MEMORY_TYPES: readonly MemoryType[] = [
  "instruction",
  "decision",
  "fact",
  "conversation",
  "result",
];
