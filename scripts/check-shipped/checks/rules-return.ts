import { type Check, Findings } from "../check.ts";
import { operandsOf } from "../promql/operands.ts";
import { parsePromql } from "../promql/tree.ts";
import type { RecordedRun } from "../recorded-run/recorded-run.ts";
import { RULES, type Rule, rulesOf } from "../rules.ts";
import { filesOf } from "../shipped.ts";

/** What returns nothing never fires, and looks like health. */
export const rulesReturn: Check = {
  name: "rules-return",
  holds: "every recording rule, and all that every alert compares, returns data from the recorded run",
  async run(shipped, tools) {
    const run = await tools.recordedRun();
    const rules = rulesOf(shipped);
    const all: Findings[] = [];
    for (const [file] of filesOf(shipped, RULES)) {
      const findings = new Findings(file);
      all.push(findings);
      for (const rule of rules.filter((one) => one.file === file)) await checkRule(rule, run, findings);
    }
    return all.flatMap((findings) => findings.all);
  },
};

/** Alerts about what never happened in the run, so that the series is not there: why that is right. */
const MAY_BE_EMPTY: ReadonlyMap<string, string> = new Map([
  ["AgentCollectorLosesSpans", "the collector's counters of lost spans begin with the first loss"],
]);

async function checkRule({ where, expr, alert }: Rule, run: RecordedRun, findings: Findings): Promise<void> {
  const parsed = parsePromql(expr);
  findings.expect(parsed !== undefined, `${where} is no PromQL: ${expr}`, "mend the expression");
  if (parsed === undefined) return;
  for (const asked of alert === "" ? [expr] : operandsOf(parsed)) {
    try {
      const returned = await anywhere(asked, run);
      findings.expect(
        returned || MAY_BE_EMPTY.has(alert),
        `${where} gets nothing from ${asked}`,
        "mend it, or record a run that has such data",
      );
    } catch (error) {
      findings.add(`${where} is refused: ${(error as Error).message}`, "mend the expression");
    }
  }
}

/** Programs of the run come and go, so that what is asked at its end need not be there. */
async function anywhere(expr: string, run: RecordedRun): Promise<boolean> {
  if ((await run.instant(expr)).length > 0) return true;
  const stepS = Math.max(1, Math.ceil((run.toMs - run.fromMs) / 1000 / 200));
  return (await run.range(expr, run.fromMs, run.toMs, stepS)).length > 0;
}
