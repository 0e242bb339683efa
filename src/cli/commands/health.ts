import type { Command } from "../command.ts";

/** `agent-otel health`: how healthy each agent is. */
export const healthCommand: Command = {
  name: "health",
  summary: "show how healthy each agent is",
  help: `Usage: agent-otel health [OPTIONS]

Shows the agents of the last minutes from what "agent-otel dev" has received, the worst first:
the score from 0 to 100 by failures, slowness, refusals and fallbacks, the share of calls that
succeeded, the 95th percentile of their durations, and the breaker of that name. An agent that
was not called is unknown, which is neither healthy nor not.

Options:
  --telemetry FILE  where "agent-otel dev" keeps telemetry; --db FILE is the same
                    (default .agent-otel/telemetry.db)
  --url URL         ask a running server, such as http://127.0.0.1:4319
  --json            JSON: one object, as GET /api/agents/health answers
  --color           colours, also in a pipe; --no-color for none (NO_COLOR works too)
  --help            this text
`,
  async run(args, terminal) {
    // The REST surface takes longer to load than other commands take.
    const { showHealth } = await import("./health/show-health.ts");
    return showHealth(args, terminal);
  },
};
