import type { Command } from "../command.ts";

/** `agent-otel graph`: who calls whom. */
export const graphCommand: Command = {
  name: "graph",
  summary: "show which agent calls which agents, tools and models",
  help: `Usage: agent-otel graph [--period PERIOD] [--format FORMAT] [OPTIONS]

Shows who called whom, from what "agent-otel dev" has received: calls, errors, durations (the
median and the 95th percentile) and cost of each edge. The cost of an agent is with all that it
called, that of a model its own.

Options:
  --period PERIOD   hourly, daily, weekly (from Monday) or monthly (default daily)
  --format FORMAT   text, dot (Graphviz) or mermaid (default text)
  --telemetry FILE  where "agent-otel dev" keeps telemetry; --db FILE is the same
                    (default .agent-otel/telemetry.db)
  --url URL         ask a running server, such as http://127.0.0.1:4319
  --json            JSON: one object, as GET /api/agents/metrics/interactions answers
  --color           colours, also in a pipe; --no-color for none (NO_COLOR works too)
  --help            this text
`,
  async run(args, terminal) {
    // The REST surface takes longer to load than other commands take.
    const { showGraph } = await import("./graph/show-graph.ts");
    return showGraph(args, terminal);
  },
};
