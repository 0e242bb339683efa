// Whether calls become dearer the longer a process runs: 100,000 agent calls with model calls, a tenth of them aborted or left
// early. The program is that of the fault test, which also looks at its heap.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { ManyCalls } from "../test/faults/programs/many-calls.ts";
import { report } from "./claims.ts";
import { median } from "./harness.ts";

const CALLS = 100_000;
const MOST = 1.1;

const program = fileURLToPath(new URL("../test/faults/programs/many-calls.ts", import.meta.url));
const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", program, String(CALLS)]);
const { cpuNsPerCall, heapEarly, heapLate } = JSON.parse(stdout) as ManyCalls;
// Until here the compiler is still at work.
const warm = cpuNsPerCall.slice(20);
const [first, last] = [median(warm.slice(0, 20)), median(warm.slice(-20))];

report(
  `many-calls: CPU time of an agent call with a model call, over ${CALLS.toLocaleString("en-US")} calls`,
  [
    {
      claim: "the last fifth against the first, once warm",
      bound: MOST,
      measured: last / first,
      unit: "×",
      note: `${Math.round(first)} ns, then ${Math.round(last)} ns`,
    },
    { claim: "heap that stays", bound: 5, measured: (heapLate - heapEarly) / 2 ** 20, unit: "MiB" },
  ],
);
