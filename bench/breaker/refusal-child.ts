// A call that an open breaker refuses, in each library in turn: CPU time over an async function that does nothing.
import { measureRounds, overheadNs } from "../harness.ts";
import { type Library, protectedBy } from "./libraries.ts";
import { WORK } from "./work.ts";

/** What this process sends: nanoseconds a refusal. */
export type RefusalResult = Readonly<Record<"ours" | "cockatiel" | "opossum", number>>;

const swallow = (): void => {};
const rounds = await measureRounds(
  {
    none: async () => {},
    ours: refused("ours"),
    cockatiel: refused("cockatiel"),
    opossum: refused("opossum"),
  },
  { batch: 2_048 },
);
const over = (library: "ours" | "cockatiel" | "opossum") => overheadNs(rounds[library], rounds.none);
const result: RefusalResult = {
  ours: over("ours"),
  cockatiel: over("cockatiel"),
  opossum: over("opossum"),
};
process.send?.(result);
process.disconnect?.();
process.exit();

function refused(library: Library): () => Promise<unknown> {
  const { call, open } = protectedBy(library, WORK.plain, false);
  open();
  return () => call().catch(swallow);
}
