// What `agent()` costs in a program that starts no SDK, such as a test run: over the bare function, awaited.
import { runChild } from "./child.ts";
import { report } from "./claims.ts";
import { median } from "./harness.ts";
import type { NoSdkResult } from "./no-sdk-child.ts";

const PROCESSES = 5;
const MOST_NS = 500;

const results: NoSdkResult[] = [];
for (let i = 0; i < PROCESSES; i++) results.push((await runChild("no-sdk-child.ts")) as NoSdkResult);

report("no-sdk: CPU time of an agent call without an SDK, over the bare function", [
  {
    claim: "agent() without an SDK",
    bound: MOST_NS,
    measured: median(results.map(({ overheadNs }) => overheadNs)),
    unit: "ns",
    note: `the function alone: ${Math.round(median(results.map(({ bareNs }) => bareNs)))} ns`,
  },
]);
