// Runs the benches, each in a process of its own, and fails when a bound is missed.
// `node bench/run.ts` for all of them, `node bench/run.ts agent-span startup` for some.
import { fork } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Report, table, verdictOf } from "./claims.ts";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const SUFFIX = ".bench.ts";

interface Outcome {
  readonly bench: string;
  /** What it promised and measured; a bench that prints for itself has only its exit code. */
  readonly report: Report | undefined;
  readonly code: number | null;
}

const all = readdirSync(FOLDER)
  .filter((file) => file.endsWith(SUFFIX))
  .map((file) => file.slice(0, -SUFFIX.length))
  .toSorted();
const asked = process.argv.slice(2);
const unknown = asked.filter((bench) => !all.includes(bench));
if (unknown.length > 0)
  throw new RangeError(`no such bench: ${unknown.join(", ")}; there are ${all.join(", ")}`);

const outcomes: Outcome[] = [];
for (const bench of asked.length === 0 ? all : asked) {
  const outcome = await run(bench);
  outcomes.push(outcome);
  if (outcome.report !== undefined) console.log(`\n${table([outcome.report])}`);
}
const failed = outcomes.filter(missed);
console.log(`\n${outcomes.length - failed.length} passed, ${failed.length} failed`);
for (const { bench } of failed) console.log(`failed: ${bench}`);
process.exitCode = failed.length === 0 ? 0 : 1;

function run(bench: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = fork(`${FOLDER}${bench}${SUFFIX}`, { execArgv: ["--expose-gc"], stdio: "inherit" });
    let report: Report | undefined;
    child.on("message", (message) => {
      report = message as Report;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ bench, report, code }));
  });
}

function missed({ report, code }: Outcome): boolean {
  return code !== 0 || (report?.claims.some((claim) => verdictOf(claim) === "FAIL") ?? false);
}
