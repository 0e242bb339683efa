import type { Command } from "../command.ts";

/** `agent-otel workflows`: runs of checkpointed workflows. */
export const workflowsCommand: Command = {
  name: "workflows",
  summary: "show, cancel and reopen runs of checkpointed workflows",
  help: `Usage: agent-otel workflows list [--workflow NAME] [--status STATUS] [--limit N]
       agent-otel workflows show ID [--state]
       agent-otel workflows cancel ID
       agent-otel workflows reopen ID

list shows runs, the last changed first. show has one run with its steps, how often each was
tried, the step that comes next, why it failed, and who works on it; never what the steps
returned, except with --state. cancel ends a run for good: who works on it now is told so
before it keeps another step, and nobody takes it any more. reopen lets a run be taken again
that was cancelled, or has ended too many processes. Put -- before an ID that begins with a
dash.

Options:
  --db PLACE        a file, or postgres://user:password@host/database; also AGENT_OTEL_DB,
                    which keeps the password out of the list of processes
                    (default .agent-otel/agent-otel.db)
  --files FOLDER    a folder of fileStore, in place of a database
  --workflow NAME   only runs of this one
  --status STATUS   only these: running, completed, failed, cancelled or needs_attention
  --limit N         at most so many runs, 1 to 10000 (default 20)
  --state           show the state as it is kept: what the run began with, and what its steps
                    have added
  --json            JSON: one object, or one run on each line
  --color           colours, also in a pipe; --no-color for none (NO_COLOR works too)
  --help            this text
`,
  async run(args, terminal) {
    const { lookIntoRuns } = await import("./workflows/look-into-runs.ts");
    return lookIntoRuns(args, terminal);
  },
};
