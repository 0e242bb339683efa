// What a task costs in a priority queue with few, many and very many tasks waiting, against p-queue in the same process.
import { runChild } from "./child.ts";
import { type Claim, report } from "./claims.ts";
import { median } from "./harness.ts";
import type { QueueResult } from "./queue-child.ts";

const PROCESSES = 3;
/** Tasks that wait, and the most of p-queue's cost. */
const BOUNDS = [
  [10, 0.25],
  [1_000, 0.15],
  [100_000, 0.01],
] as const;

const claims: Claim[] = [];
for (const [waiting, bound] of BOUNDS) {
  const results: QueueResult[] = [];
  for (let i = 0; i < PROCESSES; i++)
    results.push((await runChild("queue-child.ts", [String(waiting)])) as QueueResult);
  const ns = (of: "oursNs" | "theirsNs") => Math.round(median(results.map((result) => result[of])));
  claims.push({
    claim: `a task, with ${waiting.toLocaleString("en-US")} waiting, against p-queue 10`,
    bound,
    measured: median(results.map(({ ratio }) => ratio)),
    unit: "×",
    note: `${ns("oursNs").toLocaleString("en-US")} ns, p-queue ${ns("theirsNs").toLocaleString("en-US")} ns`,
  });
}
report("queue: CPU time per task, from being handed in to its result", claims);
