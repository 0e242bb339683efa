import { join } from "node:path";
import { parseArgs } from "node:util";
import { CHECKOUT } from "../stack-parts/paths.ts";
import { CHECKS } from "./checks.ts";
import { type Fate, findingsWithout, MUTANTS, tableOf, tryMutant } from "./mutants.ts";
import { asJson, summary, textOf } from "./report.ts";
import { type Outcome, runCheck } from "./run-checks.ts";
import { readShipped, type Shipped } from "./shipped.ts";
import { makeTools } from "./tools/make-tools.ts";
import type { Tools } from "./tools/tools.ts";

const HELP = `check-shipped [--only NAME …] [--mutants] [--json]: the proof of everything that operators mount

  --only NAME   only this check; may be given several times
  --mutants     plants faults, and fails when one of them is not found
  --json        the report as JSON

Checks: ${CHECKS.map(({ name }) => name).join(" ")}`;

const say = (line: string) => console.error(line);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", multiple: true, default: [] },
      mutants: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false, short: "h" },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const unknown = values.only.find((name) => !CHECKS.some((check) => check.name === name));
  if (unknown !== undefined)
    throw new TypeError(`--only: no check is called ${JSON.stringify(unknown)}\n${HELP}`);
  const checks = CHECKS.filter(({ name }) => values.only.length === 0 || values.only.includes(name));
  const shipped = readShipped(CHECKOUT);
  const recorded = join(CHECKOUT, "test/fixtures/recorded-run.openmetrics.gz");
  const tools = makeTools({ shipped, recorded, say });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void tools.close().finally(() => process.exit(1)));
  }
  try {
    if (values.mutants) return await mutants(shipped, tools, values.only, values.json);
    const outcomes: Outcome[] = [];
    for (const check of checks) {
      const outcome = await runCheck(check, shipped, tools);
      outcomes.push(outcome);
      if (!values.json) console.log(textOf(outcome));
    }
    if (values.json) console.log(JSON.stringify(asJson(outcomes), undefined, 2));
    else console.log(summary(outcomes));
    return outcomes.some(({ findings }) => findings.length > 0) ? 1 : 0;
  } finally {
    await tools.close();
  }
}

async function mutants(
  shipped: Shipped,
  tools: Tools,
  only: readonly string[],
  json: boolean,
): Promise<number> {
  const planted = MUTANTS.filter(({ check }) => only.length === 0 || only.includes(check));
  const found = await findingsWithout(planted, shipped, tools);
  const fates: Fate[] = [];
  for (const mutant of planted) fates.push(await tryMutant(mutant, shipped, tools, found));
  console.log(json ? JSON.stringify(fates, undefined, 2) : tableOf(fates));
  return fates.every(({ fate }) => fate === "caught") ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  say(
    `check-shipped: ${error instanceof TypeError ? error.message : error instanceof Error ? error.stack : String(error)}`,
  );
  process.exitCode = 1;
}
