// What a decision of a rate limiter costs, against rate-limiter-flexible in memory in the same process; bottleneck is published.
import { runChild } from "./child.ts";
import { type Claim, report } from "./claims.ts";
import { median } from "./harness.ts";
import type { Compared, RateLimitResult } from "./rate-limit-child.ts";

const PROCESSES = 3;
const KEYS = "10,000 keys";

const results: RateLimitResult[] = [];
for (let i = 0; i < PROCESSES; i++) results.push((await runChild("rate-limit-child.ts")) as RateLimitResult);
const of = (read: (result: RateLimitResult) => number): number => median(results.map(read));

report("rate limit: CPU time of a decision in memory, as a program gets it", [
  against("a decision, one key", 0.35, ({ oneKey }) => oneKey),
  against(`a decision, ${KEYS}`, 0.25, ({ manyKeys }) => manyKeys),
  against("a refusal, one key", 0.35, ({ refused }) => refused),
  published(
    "acquire without waiting, over an async function",
    of(({ acquireNs }) => acquireNs),
  ),
  published(
    "execute, over the bare function",
    of(({ executeNs }) => executeNs),
  ),
  published(
    "bottleneck 2, schedule",
    of(({ bottleneckNs }) => bottleneckNs),
  ),
]);

function against(claim: string, bound: number, read: (result: RateLimitResult) => Compared): Claim {
  const [ours, theirs] = [of((one) => read(one).oursNs), of((one) => read(one).theirsNs)].map(Math.round);
  const note = `${ours} ns; rate-limiter-flexible ${theirs} ns`;
  return { claim, bound, measured: of((one) => read(one).ratio), unit: "×", note };
}

function published(claim: string, measured: number): Claim {
  return { claim, measured, unit: "ns" };
}
