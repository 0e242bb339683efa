// A breaker around an async function, hot and one call at a time: CPU time over the bare function, and of a refusal.
import { createRequire } from "node:module";
import { ConsecutiveBreaker, circuitBreaker as cockatielBreaker, handleAll } from "cockatiel";
import { circuitBreaker } from "../src/resilience/circuit-breaker.ts";
import { measureRounds, median, overheadNs } from "./harness.ts";

/** What this process sends: nanoseconds over the bare function. */
export interface BreakerResult {
  readonly bareNs: number;
  readonly overNs: Readonly<Record<"ours" | "cockatiel" | "opossum", number>>;
  readonly refusalNs: Readonly<Record<"ours" | "cockatiel" | "opossum", number>>;
}

interface Opossum {
  fire(): Promise<number>;
  open(): void;
}

const Opossum = createRequire(import.meta.url)("opossum") as new (
  fn: () => Promise<number>,
  options: object,
) => Opossum;

let calls = 0;
const work = async (): Promise<number> => ++calls;
const ours = circuitBreaker({ name: "bench" });
const theirs = cockatielBreaker(handleAll, { halfOpenAfter: 30_000, breaker: new ConsecutiveBreaker(5) });
const opossum = new Opossum(work, { timeout: false, rollingCountTimeout: 10_000 });

const rounds = await measureRounds({
  bare: work,
  ours: () => ours.execute(work),
  cockatiel: () => theirs.execute(work),
  opossum: () => opossum.fire(),
});

const refused = circuitBreaker({ name: "open" });
refused.forceOpen();
theirs.isolate();
opossum.open();
const swallow = (): void => {};
const refusals = await measureRounds(
  {
    none: async () => {},
    ours: () => refused.execute(work).catch(swallow),
    cockatiel: () => theirs.execute(work).catch(swallow),
    opossum: () => opossum.fire().catch(swallow),
  },
  { batch: 2_048 },
);
const over = (name: "ours" | "cockatiel" | "opossum") => overheadNs(rounds[name], rounds.bare);
const refusal = (name: "ours" | "cockatiel" | "opossum") => overheadNs(refusals[name], refusals.none);
const result: BreakerResult = {
  bareNs: median(rounds.bare),
  overNs: { ours: over("ours"), cockatiel: over("cockatiel"), opossum: over("opossum") },
  refusalNs: { ours: refusal("ours"), cockatiel: refusal("cockatiel"), opossum: refusal("opossum") },
};
process.send?.(result);
process.disconnect?.();
process.exit();
