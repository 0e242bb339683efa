import type { ConflictStrategy } from "./strategy.ts";

/** The writer gets a `StateConflictError`. */
export const reject: ConflictStrategy = {
  name: "reject",
  needsBase: false,
  resolve: () => ({ kind: "reject" }),
};
