// A day of 1,000,000 finished calls of 20 agents on 5 models, in 50,000 conversations, counted into a SQLite file that has a month.
import { runChild } from "./child.ts";
import { report } from "./claims.ts";
import { median } from "./harness.ts";
import type { UsageTotalsResult } from "./usage-totals-child.ts";

const PROCESSES = 3;

const results: UsageTotalsResult[] = [];
for (let i = 0; i < PROCESSES; i++)
  results.push((await runChild("usage-totals-child.ts")) as UsageTotalsResult);
const of = (read: (result: UsageTotalsResult) => number): readonly number[] => results.map(read);
const most = (read: (result: UsageTotalsResult) => number): number => Math.max(...of(read));

report("usage totals: a day of 1,000,000 calls in SQLite", [
  {
    claim: "totals of a month by agent",
    bound: 50,
    measured: most(({ medianMs }) => medianMs),
    unit: "ms",
    note: `median of 50; the slowest ${median(of(({ slowestMs }) => slowestMs)).toFixed(1)} ms`,
  },
  {
    claim: "the first time in a process, with the SQL builder to load",
    measured: median(of(({ firstMs }) => firstMs)),
    unit: "ms",
  },
  {
    claim: "resident memory at its peak, over the same calls that nobody counts",
    bound: 64,
    measured: most(({ rssMiB }) => rssMiB),
    unit: "MiB",
  },
  {
    claim: "heap at its peak, over the same",
    bound: 64,
    measured: most(({ heapMiB }) => heapMiB),
    unit: "MiB",
    note: `after a collection ${median(of(({ keptMiB }) => keptMiB)).toFixed(1)} MiB`,
  },
  {
    claim: "CPU time of a call counted and written",
    measured: median(of(({ nsPerRecord }) => nsPerRecord)),
    unit: "ns",
  },
]);
