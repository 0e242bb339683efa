import type { Command } from "../command.ts";

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
    // Counting and prices take longer to load than other commands take.
    const { showUsage } = await import("./usage/show-usage.ts");
    return showUsage(args, terminal);
  },
};
