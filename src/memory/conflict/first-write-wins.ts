import type { ConflictStrategy } from "./strategy.ts";

/** What is there stays. */
export const firstWriteWins: ConflictStrategy = {
  name: "first-write-wins",
  needsBase: false,
  resolve: () => ({ kind: "keep" }),
};
