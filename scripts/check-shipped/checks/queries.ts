import { type Check, Findings } from "../check.ts";
import { ask } from "../grafana/ask.ts";
import { type Choice, choices } from "../grafana/choices.ts";
import { type Dashboard, dashboardsOf, type Query, queriesOf } from "../grafana/dashboard.ts";
import { variablesIn } from "../grafana/interpolate.ts";
import { timesFor } from "../grafana/times.ts";
import type { RecordedRun } from "../recorded-run/recorded-run.ts";
import type { Shipped } from "../shipped.ts";
import { mayBeEmpty } from "./may-be-empty.ts";

const MEND = "mend it, or record a run that has such data";

/** What is asked in Grafana is asked here, of a real Prometheus with a recorded run of every part of the package. */
export const queries: Check = {
  name: "queries",
  holds: "every query returns data, with «All» and with single values of every variable",
  async run(shipped, tools) {
    const run = await tools.recordedRun();
    const all: Findings[] = [];
    for (const dashboard of dashboardsOf(shipped)) all.push(await checkDashboard(dashboard, shipped, run));
    return all.flatMap((findings) => findings.all);
  },
};

async function checkDashboard(dashboard: Dashboard, shipped: Shipped, run: RecordedRun): Promise<Findings> {
  const findings = new Findings(dashboard.file);
  const chosen = await choices(dashboard, run, timesFor(shipped, run));
  for (const { name, values } of chosen.empty)
    findings.add(`variable ${name} has no values: ${values}`, MEND);
  for (const query of queriesOf(dashboard)) {
    const asked = variablesIn(query.expr);
    const sets = chosen.sets.filter(({ variable }) => variable === undefined || asked.includes(variable));
    const returned = await whatReturns(query, sets, shipped, run, findings);
    for (const [variable, some] of returned) {
      const choice = variable === "" ? "with «All»" : `for any single value of ${variable}`;
      const listed = mayBeEmpty(query, variable) !== undefined;
      findings.expect(some || listed, `${query.where} returns nothing ${choice}: ${query.expr}`, MEND);
    }
  }
  return findings;
}

/** Variable, or "" for «All» → whether anything came back. One agent need not have what another has, so one value is enough. */
async function whatReturns(
  query: Query,
  sets: readonly Choice[],
  shipped: Shipped,
  run: RecordedRun,
  findings: Findings,
): Promise<ReadonlyMap<string, boolean>> {
  const returned = new Map<string, boolean>();
  const times = timesFor(shipped, run, query.panel?.json);
  for (const { variable = "", value, values } of sets) {
    try {
      const { rows, remarks } = await ask(today(query), run, values, times);
      for (const remark of remarks.flatMap(serious)) {
        findings.add(`${query.where}: Prometheus remarks «${remark}»`, "mend what the remark is about");
      }
      returned.set(variable, returned.get(variable) === true || rows > 0);
    } catch (error) {
      const choice = variable === "" ? "with «All»" : `with ${variable} = ${value}`;
      findings.add(`${query.where} ${choice} is refused: ${(error as Error).message}`, "mend the expression");
      returned.set(variable, true);
    }
  }
  return returned;
}

/** Without its numbers, which differ from choice to choice. The collector calls its counters without `_total`. */
function serious(remark: string): readonly string[] {
  const [what = ""] = remark.replace(/^PromQL (info|warning): /, "").split(/ \(see|, from /);
  return /not be a counter.*"otelcol_/.test(remark) ? [] : [what.replace(/ \(\d+:\d+\)$/, "")];
}

/** A short run has no yesterday: what was is asked as what is. */
const today = (query: Query): Query => ({
  ...query,
  expr: query.expr.replaceAll(/\boffset \d+[smhdw]\b/g, ""),
});
