import { type Command, EXIT_OK } from "../command.ts";
import { showFile } from "./trace/from-file.ts";
import { traceArgs } from "./trace/options.ts";

/** `agent-otel trace`: shows traces of a file of OTLP/JSON lines, or of what `agent-otel dev` has received. */
export const traceCommand: Command = {
  name: "trace",
  summary: "show a trace as a tree, from a file or from what dev has received",
  help: `Usage: agent-otel trace FILE [TRACE_ID] [OPTIONS]
       agent-otel trace TRACE_ID [OPTIONS]
       agent-otel trace --list [OPTIONS]

Shows the newest trace in FILE, or the one whose id starts with TRACE_ID. FILE holds OTLP/JSON
lines, as an app writes them when AGENT_OTEL_TRACE_FILE is set. Without a FILE, traces are those
that "agent-otel dev" has received: give at least 4 digits of an id, or --list. --db alone shows
the newest of them.

Options:
  --all             every trace of FILE, oldest first
  --list            one line for each trace, newest first
  --limit N         at most so many lines of --list, 1 to 10000 (default 20; of FILE all)
  --attributes      with the attributes of spans and events
  --telemetry FILE  where "agent-otel dev" keeps telemetry; --db FILE is the same
                    (default .agent-otel/telemetry.db)
  --json            the spans, or lines of --list, as JSON, one on each line
  --color           colours, also in a pipe; --no-color for none (NO_COLOR works too)
  --help            this text
`,
  async run(args, terminal) {
    const parsed = traceArgs(args);
    if (parsed.from.kind === "file") await showFile(parsed.from, parsed, terminal);
    else {
      // The telemetry store takes longer to load than a file needs.
      const { showStored } = await import("./trace/from-store.ts");
      await showStored(parsed.from, parsed, terminal);
    }
    return EXIT_OK;
  },
};
