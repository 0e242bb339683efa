// What it costs to export a span, against OpenTelemetry's own exporter and batch processor, over the same protocol to the same
// receiver; and what is lost of a burst.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SinkProcess } from "../test/faults/outage/processes.ts";
import { runChild } from "./child.ts";
import { type Claim, report } from "./claims.ts";
import { median, ratio } from "./harness.ts";
import { BURST } from "./span-burst.ts";
import type { ExportResult, Way } from "./span-export-child.ts";

const PROCESSES = 7;
const MOST_IN_MEMORY = 0.45;
const MOST_IN_SPOOL = 1;

const directory = mkdtempSync(join(tmpdir(), "agent-otel-bench-"));
const costs: Record<Way, number[]> = { stock: [], memory: [], spool: [] };
const lost: Record<"stock" | "ours", number> = { stock: 0, ours: 0 };
try {
  {
    await using sink = await SinkProcess.start();
    for (let i = 0; i < PROCESSES; i++) {
      for (const way of ["stock", "memory", "spool"] as const) {
        const args = [way, sink.url, join(directory, "spool")];
        costs[way].push(((await runChild("span-export-child.ts", args)) as ExportResult).cpuNsPerSpan);
      }
    }
  }
  for (const way of ["stock", "ours"] as const) {
    await using sink = await SinkProcess.start();
    await runChild("span-burst-child.ts", [way, sink.url]);
    lost[way] = 1 - (await sink.report()).unique / BURST;
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}

report("span-export: CPU time of a span's export, against the stock exporter and batch processor", [
  { claim: "in memory", bound: MOST_IN_MEMORY, measured: ratio(costs.memory, costs.stock), unit: "×" },
  {
    claim: "with a spool, durability interval",
    bound: MOST_IN_SPOOL,
    measured: ratio(costs.spool, costs.stock),
    unit: "×",
    note: "compressed; the stock exporter does not compress by default",
  },
  published("in memory", costs.memory),
  published("with a spool", costs.spool),
  published("stock", costs.stock),
  { claim: `share lost of ${BURST} spans in one tick`, bound: 0, measured: lost.ours, unit: "×" },
  { claim: "share lost, stock", measured: lost.stock, unit: "×" },
]);

function published(claim: string, ns: readonly number[]): Claim {
  return { claim, measured: median(ns), unit: "ns" };
}
