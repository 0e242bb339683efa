// What it costs to receive a span: the whole way from a request to a committed row, with the page open, over the sum of its two parts that
// nobody can do without: reading the protobuf, and writing the same rows with the JSON in them. What is in each is told in ingest-child.ts.
// CPU time of all threads; each case in processes of its own, in turn.
import { runChild } from "./child.ts";
import { report } from "./claims.ts";
import { median } from "./harness.ts";
import type { IngestResult } from "./ingest-child.ts";

const MOST = 1.2;
const PROCESSES = 5;
/** The new space at its full size, as in the other benches. */
const FLAGS = ["--expose-gc", "--min-semi-space-size=16", "--max-semi-space-size=16"];
const NAMES = ["parse", "insert", "whole"] as const;

const measured = { parse: [] as number[], insert: [] as number[], whole: [] as number[] };
let polls = 0;
for (let i = 0; i < PROCESSES; i++) {
  for (const name of i % 2 === 0 ? NAMES : NAMES.toReversed()) {
    const result = (await runChild("ingest-child.ts", [name], FLAGS)) as IngestResult;
    measured[name].push(result.ns);
    polls += result.polls;
  }
}
if (polls < PROCESSES) throw new Error(`the page asked ${polls} times`);
const [parse, insert, whole] = NAMES.map((name) => median(measured[name])) as [number, number, number];

report("ingest: CPU time to receive a span into SQLite, with the page open", [
  {
    claim: "over reading and writing it alone",
    bound: MOST,
    measured: whole / (parse + insert),
    unit: "×",
    note: `medians of ${PROCESSES} processes each`,
  },
  { claim: "reading it alone", measured: parse, unit: "ns" },
  { claim: "writing its rows alone", measured: insert, unit: "ns" },
  { claim: "the whole way", measured: whole, unit: "ns" },
]);
