import { checkName } from "../../internal/check-name.ts";
import type { Store } from "../../stores/store.ts";
import type { Check } from "./check.ts";

/** What is looked at: whichever of it is there. `redisStore`, `postgresStore`, `sqliteStore` and `fileStore` fit. */
export type CheckedStore = Partial<Pick<Store, "state" | "deadLetters" | "breakers">> & {
  readonly name: string;
};

export interface StoreOptions {
  readonly store: CheckedStore;
  /** In the answer, which anybody may see. @default `store`, `store-2` and so on: a store's own name is a path or an address */
  readonly name?: string;
  /** @default true */
  readonly required?: boolean;
}

/** In which nobody has anything. */
const NOWHERE = "agent-otel-readiness";

/** Reads what is not there: one round trip, and nothing is written or made. @throws TypeError that names the option. */
export function storeCheck({ store, name = "store", required = true }: StoreOptions): Check {
  checkName("readiness: stores", name);
  const read = readOf(store);
  if (read === undefined)
    throw new TypeError(
      `readiness: store "${name}" must be one of redisStore, postgresStore, sqliteStore, fileStore`,
    );
  return {
    name,
    required,
    async run() {
      await read();
      return "ok";
    },
  };
}

function readOf(store: CheckedStore | undefined): (() => Promise<unknown>) | undefined {
  const { state, deadLetters, breakers } = store ?? {};
  if (state !== undefined) return () => state.read(NOWHERE, [NOWHERE]);
  if (deadLetters !== undefined) return () => deadLetters.get(NOWHERE, NOWHERE);
  return breakers?.look === undefined ? undefined : async () => breakers.look?.([NOWHERE]);
}
