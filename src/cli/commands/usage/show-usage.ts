import { counted } from "../../../telemetry/format-trace-numbers.ts";
import { printable } from "../../../telemetry/format-trace-text.ts";
import { EXIT_OK, type ExitCode, type Terminal } from "../../command.ts";
import { jsonLine } from "../ledger/json-line.ts";
import { findUsage, lookInto } from "./open-usage.ts";
import { type UsageArgs, usageArgs } from "./options.ts";
import { otherModel } from "./other-model.ts";
import { sumOf, type UsageLine, unpricedCalls, usageLines } from "./report.ts";
import { usageView } from "./view.ts";

const SO_FAR = { daily: "today", weekly: "this week", monthly: "this month" } as const;
/** Of those that are shown: there is no end of conversations. */
const MOST = 100;

/** @throws UsageError, CliError. */
export async function showUsage(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const parsed = usageArgs(args);
  const other = parsed.as === undefined ? undefined : otherModel(parsed.as);
  await lookInto(findUsage(parsed.db), parsed.timeZone, async (totals) => {
    const { period, by } = parsed;
    show(usageLines(await totals.totals({ period, by, limit: MOST }), other), parsed, terminal);
  });
  return EXIT_OK;
}

function show(lines: readonly UsageLine[], args: UsageArgs, terminal: Terminal): void {
  const { period, by, as, json } = args;
  if (json) terminal.out(lines.map(jsonLine).join(""));
  else if (lines.length === 0) terminal.out(`No usage ${SO_FAR[period]}.\n`);
  else {
    const options = { color: args.color ?? terminal.color, width: terminal.columns, as };
    terminal.out(usageView(by, lines, sumOf(lines, by), options));
    for (const remark of remarks(lines, args)) terminal.note(remark);
  }
}

function remarks(lines: readonly UsageLine[], { by, as }: UsageArgs): readonly string[] {
  const unpriced = unpricedCalls(lines);
  const place = as === undefined ? "not in COST" : `not in COST, and in AS ${printable(as, 64)}`;
  return [
    ...(unpriced > 0 ? [`Without a known price: ${counted(unpriced, "call")}, ${place}.`] : []),
    ...(by === "conversation" && lines.length === MOST ? [`The ${MOST} dearest.`] : []),
  ];
}
