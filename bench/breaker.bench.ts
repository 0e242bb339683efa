// What a circuit breaker costs around a call, and a refusal, against cockatiel and opossum in the same process.
import type { BreakerResult } from "./breaker-child.ts";
import { runChild } from "./child.ts";
import { type Claim, report } from "./claims.ts";
import { median } from "./harness.ts";

const PROCESSES = 3;
const MOST_OVER_NS = 75;
const MOST_OF_COCKATIEL = 0.6;
const MOST_OF_REFUSAL = 0.3;

const results: BreakerResult[] = [];
for (let i = 0; i < PROCESSES; i++) results.push((await runChild("breaker-child.ts")) as BreakerResult);
const over = (of: "ours" | "cockatiel" | "opossum") => median(results.map(({ overNs }) => overNs[of]));
const refusal = (of: "ours" | "cockatiel" | "opossum") =>
  median(results.map(({ refusalNs }) => refusalNs[of]));

report("breaker: CPU time over the bare async function, one call at a time", [
  {
    claim: "a call",
    bound: MOST_OVER_NS,
    measured: over("ours"),
    unit: "ns",
    note: `bare ${Math.round(median(results.map(({ bareNs }) => bareNs)))} ns`,
  },
  {
    claim: "a call, against cockatiel",
    bound: MOST_OF_COCKATIEL,
    measured: over("ours") / over("cockatiel"),
    unit: "×",
  },
  {
    claim: "a refusal, against the cheaper of both",
    bound: MOST_OF_REFUSAL,
    measured: refusal("ours") / Math.min(refusal("cockatiel"), refusal("opossum")),
    unit: "×",
    note: `${Math.round(refusal("ours"))} ns`,
  },
  published("cockatiel 4, a call", over("cockatiel")),
  published("opossum 10, a call", over("opossum")),
  published("cockatiel 4, a refusal", refusal("cockatiel")),
  published("opossum 10, a refusal", refusal("opossum")),
]);

function published(claim: string, measured: number): Claim {
  return { claim, measured, unit: "ns" };
}
