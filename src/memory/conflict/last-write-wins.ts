import type { ConflictStrategy } from "./strategy.ts";

/** The last in the order of versions, which is that of the store and no clock's. What was there is in the history. */
export const lastWriteWins: ConflictStrategy = {
  name: "last-write-wins",
  needsBase: false,
  resolve: () => ({ kind: "overwrite" }),
};
