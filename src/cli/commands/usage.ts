import { counted } from "../../telemetry/format-trace-numbers.ts";
import { printable } from "../../telemetry/format-trace-text.ts";
import { type Command, EXIT_OK, type Terminal } from "../command.ts";
import { jsonLine } from "./ledger/json-line.ts";
import { findUsage, lookInto } from "./usage/open-usage.ts";
import { type UsageArgs, usageArgs } from "./usage/options.ts";
import { otherModel } from "./usage/other-model.ts";
import { sumOf, type UsageLine, unpricedCalls, usageLines } from "./usage/report.ts";
import { usageView } from "./usage/view.ts";

const SO_FAR = { daily: "today", weekly: "this week", monthly: "this month" } as const;
/** Of those that are shown: there is no end of conversations. */
const MOST = 100;

/** `agent-otel usage`: what model calls used and did cost. */
export const usageCommand: Command = {
  name: "usage",
  summary: "show what model calls used and cost",
  help: `Usage: agent-otel usage [--period PERIOD] [--by KEY] [--as MODEL]

Shows calls, tokens and cost of today, this week or this month so far, the dearest first. By
agent, COST is that of its own calls, and WITH BELOW has all that it had others do as well.

With --as, what the same calls would have cost on another model at its list price, or yours in
the file that AGENT_OTEL_PRICES names, and the difference: below zero is what would have been
saved. Cached and reasoning tokens are priced as such. The number of tokens is taken to be the
same. Only sums are kept, so a dearer price for large requests is left out: all are priced as
small ones.

Options:
  --period PERIOD  daily, weekly (from Monday) or monthly (default daily)
  --by KEY         agent, model, provider, workflow, conversation or caller (default agent)
  --as MODEL       compare with this model, such as gpt-4o-mini; not by workflow or caller
  --time-zone ZONE which day it is now, such as Europe/Berlin; stored days are those of the zone
                   in which they were counted (default UTC)
  --db PLACE       a file, or postgres://user:password@host/database; also AGENT_OTEL_DB, which
                   keeps the password out of the list of processes
                   (default .agent-otel/agent-otel.db)
  --json           JSON: one total on each line
  --color          colours, also in a pipe; --no-color for none (NO_COLOR works too)
  --help           this text
`,
  async run(args, terminal) {
    const parsed = usageArgs(args);
    const other = parsed.as === undefined ? undefined : otherModel(parsed.as);
    await lookInto(findUsage(parsed.db), parsed.timeZone, async (totals) => {
      const { period, by } = parsed;
      show(usageLines(await totals.totals({ period, by, limit: MOST }), other), parsed, terminal);
    });
    return EXIT_OK;
  },
};

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
